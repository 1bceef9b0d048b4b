import { Command } from 'commander';
import type { Container } from 'inversify';
import { ReadModels } from '../application/ports/read-models.js';
import type { Progress } from '../infrastructure/projection-runner/progress.js';
import { ReadModelOperations } from '../infrastructure/projection-runner/read-model-operations.js';
import type { Verification } from '../infrastructure/projection-runner/verification.js';
import { attached, print, printAll, progress } from './attached.js';

const operations = (container: Container): ReadModelOperations => container.get(ReadModelOperations);

function report({ model, events, rate, done, etaSeconds }: Progress): void {
  const left = etaSeconds === undefined ? '' : `, ${Math.ceil(etaSeconds)} s to go`;
  progress(`\r${model}: ${(done * 100).toFixed(1)} %, ${events} events, ${rate}/s${left}    `);
}

function tell({ model, version, kind, rows, events, seconds, differences, sample }: Verification): void {
  const verdict = differences === 0 ? 'equal' : `${differences} rows differ`;
  progress('\r\u001B[K');
  print(`${model}_v${version}  ${kind}  ${rows} rows from ${events} events in ${seconds.toFixed(1)} s: ${verdict}`);
  for (const { key, kind: difference } of sample) print(`  ${difference}: ${key}`);
}

/** @throws Error where something differs, so that scripts notice */
function demandEqual(results: readonly Verification[]): void {
  const differing = results.filter(({ differences }) => differences > 0).map(({ model }) => model);
  if (differing.length === 0) return;
  throw new Error(
    `${differing.join(', ')} differ from the log. Rebuild them: annal projections rebuild <name> --accept`,
  );
}

async function list(container: Container): Promise<void> {
  printAll(await container.get(ReadModels).status(), ['name', 'version', 'standing', 'lag', 'events', 'parkedEvents']);
}

async function rebuild(container: Container, name: string, accept: boolean): Promise<void> {
  const result = await operations(container).rebuilds.rebuild(name, { accept }, report);
  tell(result);
  if (!result.switched) {
    throw new Error(
      'the rebuilt rows differ from the live ones and were thrown away; --accept puts them in their place',
    );
  }
  print('the rebuilt table serves now');
}

export const projectionsCommand = (): Command =>
  new Command('projections')
    .description('read models: how they are, whether they are right, how to make them anew')
    .addCommand(
      new Command('list')
        .description('every read model with position, lag and parked events: a table, or NDJSON into a pipe')
        .action(() => attached(list)),
    )
    .addCommand(
      new Command('verify')
        .description('fold the log anew beside a read model and compare row by row')
        .argument('<name>', 'as `annal projections list` names it')
        .action((name: string) =>
          attached(async (container) => {
            const result = await operations(container).verifications.verify(name, report);
            tell(result);
            demandEqual([result]);
          }),
        ),
    )
    .addCommand(
      new Command('rebuild')
        .description('build a read model anew while the old one serves, compare, and switch')
        .argument('<name>', 'as `annal projections list` names it')
        .option('--accept', 'switch although the rows differ', false)
        .action((name: string, { accept }: Readonly<{ accept: boolean }>) =>
          attached((container) => rebuild(container, name, accept)),
        ),
    )
    .addCommand(
      new Command('retry')
        .description('try parked events of a read model again, after what they met was mended')
        .argument('<name>', 'as `annal projections list` names it')
        .action((name: string) =>
          attached(async (container) => print(JSON.stringify(await operations(container).parked.retryParked(name)))),
        ),
    );

export const replayCommand = (): Command =>
  new Command('replay')
    .description('fold the whole log into a second schema, every read model, and compare with the live ones')
    .action(() =>
      attached(async (container) => demandEqual(await operations(container).verifications.replayAll(report, tell))),
    );
