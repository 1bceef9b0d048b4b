// The whole service in a process of its own, configured and composed as in production but for cheap hashes, no rate limits
// and a clock that may be ahead. Prints `loaded` once its modules are, waits for a line with the seconds its clock is ahead,
// starts, prints `ready <port>`; every further line moves the clock by as many seconds. SIGTERM stops it in order; the end of its standard input kills it.
import '../../src/thread-pool.js';
import { flushCompileCache } from 'node:module';
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { foundationOf } from '../../src/composition-root/foundation.js';
import { startService } from '../../src/composition-root/service.js';
import { Undo } from '../../src/composition-root/undo.js';
import { AdmissionControl } from '../../src/infrastructure/admission-control.js';
import { Argon2PasswordHasher } from '../../src/infrastructure/argon2-password-hasher.js';
import { loadConfiguration } from '../../src/infrastructure/configuration.js';
import { PinoLog } from '../../src/infrastructure/pino-log.js';
import { cheapHashing, noLimits } from './cheap.js';
import { TestClock } from './test-clock.js';

const loaded = loadConfiguration(process.env, (path) => readFileSync(path, 'utf8'));
if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
const { configuration } = loaded;
const log = new PinoLog(configuration.logLevel, process.stderr);
const undo = new Undo((error) => log.error('stop-failed', {}, error));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** As a real process: what was started is stopped, and the exit code tells whether it was asked to. */
const end = (code: number): void => void undo.all().then(() => process.exit(code));

const clock = new TestClock();

async function start(): Promise<void> {
  const foundation = await foundationOf(
    configuration,
    log,
    (error) => {
      log.error('service-failed', {}, error);
      say(`failed ${error.message}`);
      end(1);
    },
    undo,
  );
  const gate = new AdmissionControl({ concurrency: 4, queue: 10_000, deadlineMs: 60_000 });
  const { address } = await startService(
    {
      ...foundation,
      clock,
      hasher: new Argon2PasswordHasher(gate, cheapHashing),
      rateBudgets: noLimits,
      listening: { ...foundation.listening, host: '127.0.0.1', port: 0 },
    },
    {
      roles: configuration.roles,
      administrator: configuration.administrator,
      drain: configuration.drainSeconds * 1_000,
    },
    undo,
  );
  say(`ready ${address?.port}`);
}

process.once('SIGTERM', () => end(0));
const orders = createInterface({ input: process.stdin });
orders.on('line', (seconds) => clock.advance(Number(seconds)));
orders.once('line', () => {
  start().catch((error: unknown) => {
    log.error('service-failed', {}, error);
    say(`failed ${error instanceof Error ? error.message : String(error)}`);
    end(1);
  });
});
orders.once('close', () => process.exit(9));
// The end of a killed process would not write it.
flushCompileCache();
say('loaded');
