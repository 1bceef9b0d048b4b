import './thread-pool.js';
import { readFileSync } from 'node:fs';
import { type Configuration, loadConfiguration } from './infrastructure/configuration.js';
import { PinoLog } from './infrastructure/pino-log.js';
import { foundationOf } from './composition-root/foundation.js';
import { mistakeOf } from './composition-root/startup-mistakes.js';
import { type Running, startService } from './composition-root/service.js';
import { missingThreads } from './thread-pool.js';
import { Undo } from './composition-root/undo.js';

/** The configuration of this process. @throws Error that lists everything that is wrong */
export function configurationOfProcess(): Configuration {
  const loaded = loadConfiguration(process.env, (path) => readFileSync(path, 'utf8'));
  if ('configuration' in loaded) return loaded.configuration;
  throw new Error(
    `The configuration cannot be used:\n${loaded.problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
}

/** Starts the service and stops it in reverse on SIGTERM or SIGINT. Resolves when it has stopped; the value is the exit code. */
export async function run(say: (text: string) => void): Promise<number> {
  const configuration = configurationOfProcess();
  const log = new PinoLog(configuration.logLevel);
  const short = missingThreads(configuration.hashConcurrency ?? 0);
  if (short > 0) log.warn('thread-pool-too-small', { missing: short });

  const undo = new Undo((error) => log.error('stop-failed', {}, error));
  let exitCode = 0;
  await new Promise<void>((resolve) => {
    const fail = (error: unknown): void => {
      exitCode = 1;
      log.error('service-failed', {}, error);
      resolve();
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
    const start = async (): Promise<void> => {
      const foundation = await foundationOf(configuration, log, fail, undo);
      const { roles, administrator, drainSeconds } = configuration;
      const running = await startService(foundation, { roles, administrator, drain: drainSeconds * 1_000 }, undo);
      say(greeting(running, configuration));
    };
    start().catch((error: unknown) => {
      const mistake = mistakeOf(error, configuration);
      if (mistake === undefined) return fail(error);
      exitCode = 1;
      say(mistake);
      resolve();
    });
  });
  await undo.all();
  return exitCode;
}

function greeting({ setupLink }: Running, { publicUrl: url, smtp, environment }: Configuration): string {
  const mailbox =
    smtp === undefined && environment === 'development'
      ? [`  Mail           ${url}/mailbox (no SMTP is configured: messages end here)`]
      : [];
  const setup =
    setupLink === undefined
      ? []
      : ['', 'There is no administrator yet. Make the first one (the link works once, for a day):', `  ${setupLink}`];
  return [
    '',
    `Annal is running at ${url}`,
    `  API reference  ${url}/docs`,
    ...mailbox,
    `  Issuer         ${url}/t/default`,
    ...setup,
    '',
    'Try it:',
    `  curl -sX POST ${url}/t/default/api/v1/registrations -H 'content-type: application/json' \\`,
    `    -d '{"email":"ada@example.com","password":"correct horse battery staple"}'`,
    '',
  ].join('\n');
}
