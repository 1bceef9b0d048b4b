// The service in a process of its own, as the command starts it, but for hashes that cost next to nothing where
// BENCH_CHEAP_HASHES is set.
import '../../src/thread-pool.js';
import { foundationOf } from '../../src/composition-root/foundation.js';
import { startService } from '../../src/composition-root/service.js';
import { Undo } from '../../src/composition-root/undo.js';
import { AdmissionControl } from '../../src/infrastructure/admission-control.js';
import { Argon2PasswordHasher } from '../../src/infrastructure/argon2-password-hasher.js';
import { PinoLog } from '../../src/infrastructure/pino-log.js';
import { configurationOfProcess } from '../../src/main.js';
import { cheapHashing } from '../support/cheap.js';

const configuration = configurationOfProcess();
const log = new PinoLog(configuration.logLevel);
const undo = new Undo((error) => log.error('stop-failed', {}, error));
const lost = (error: Error): never => {
  throw error;
};
const foundation = await foundationOf(configuration, log, lost, undo);
const cheap = new Argon2PasswordHasher(
  new AdmissionControl({ concurrency: 4, queue: 10_000, deadlineMs: 60_000 }),
  cheapHashing,
);
const { roles, administrator, drainSeconds } = configuration;
await startService(
  process.env['BENCH_CHEAP_HASHES'] === undefined ? foundation : { ...foundation, hasher: cheap },
  { roles, administrator, drain: drainSeconds * 1_000 },
  undo,
);
process.once('SIGTERM', () => void undo.all());
