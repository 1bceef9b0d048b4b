import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import type { Container } from 'inversify';
import { EventLog, type Position, type Recorded } from '../application/ports/event-log.js';
import { SecurityRows } from '../application/ports/security-rows.js';
import { Sealed, type TenantId } from '../domain/values.js';
import { attached, print, progress } from './attached.js';

const pageSize = 1_000;

const unsealed = (value: unknown): unknown => {
  if (value instanceof Sealed) return { sealed: (value as Sealed<unknown>).scope };
  if (Array.isArray(value)) return value.map(unsealed);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unsealed(inner)]));
  }
  return value;
};

/** Personal data and secrets stay sealed: a line says that there is something, never what. */
export const lineOf = (recorded: Recorded): string => JSON.stringify(unsealed(recorded));

async function tenantOf(container: Container, slug: string | undefined): Promise<TenantId | undefined> {
  if (slug === undefined) return undefined;
  const row = await container.get(SecurityRows).tenantBySlug(slug);
  if (!row) throw new Error(`there is no tenant ${slug}`);
  return row.id;
}

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It is a whole number from 1.');
  return number;
};

type TailOptions = Readonly<{ lines: number; follow?: true; tenant?: string }>;

async function tail(container: Container, { lines, follow, tenant: slug }: TailOptions): Promise<void> {
  const log = container.get(EventLog);
  const tenant = await tenantOf(container, slug);
  const filter = tenant === undefined ? {} : { tenant };
  const newest = await log.readAllBackwards(undefined, lines, filter);
  for (const recorded of newest.events.toReversed()) print(lineOf(recorded));
  if (!follow) return;

  let after = await log.head();
  const stopped = new AbortController();
  process.once('SIGINT', () => stopped.abort());
  while (!stopped.signal.aborted) {
    const page = await log.readAll(after, pageSize, filter);
    for (const recorded of page.events) print(lineOf(recorded));
    after = page.upTo;
    if (page.atHead) await grown(log, stopped.signal);
  }
}

const grown = (log: EventLog, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      stop();
      resolve();
    };
    const stop = log.onGrowth(done);
    signal.addEventListener('abort', done, { once: true });
  });

type ExportOptions = Readonly<{ output?: string; from?: string; tenant?: string }>;

async function exportLog(container: Container, { output, from, tenant: slug }: ExportOptions): Promise<void> {
  const log = container.get(EventLog);
  const tenant = await tenantOf(container, slug);
  const target = output === undefined ? process.stdout : createWriteStream(output, { flags: 'wx', mode: 0o600 });
  let after = from as Position | undefined;
  let count = 0;
  for (;;) {
    const page = await log.readAll(after, pageSize, tenant === undefined ? {} : { tenant });
    for (const recorded of page.events) {
      if (!target.write(`${lineOf(recorded)}\n`)) await once(target, 'drain');
    }
    count += page.events.length;
    after = page.upTo;
    if (output !== undefined) progress(`\r${count} events, up to ${after}`);
    if (page.atHead) break;
  }
  if (output === undefined) return;
  target.end();
  await once(target, 'finish');
  progress('\n');
}

export const logCommand = (): Command =>
  new Command('log')
    .description('look at the log; personal data and secrets stay sealed')
    .addCommand(
      new Command('tail')
        .description('print the newest events as NDJSON')
        .option('-n, --lines <count>', 'how many', wholeNumber, 20)
        .option('-f, --follow', 'go on printing as the log grows')
        .option('-t, --tenant <slug>', 'only of this tenant')
        .action((options: TailOptions) => attached((container) => tail(container, options))),
    )
    .addCommand(
      new Command('export')
        .description('write the whole log as NDJSON')
        .option('-o, --output <file>', 'a new file, instead of standard output')
        .option('--from <position>', 'only what stands after this position')
        .option('-t, --tenant <slug>', 'only of this tenant')
        .action((options: ExportOptions) => attached((container) => exportLog(container, options))),
    );
