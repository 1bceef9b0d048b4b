import { stopTestServer } from './test-database.js';

/** In a run with --parallel these hooks hold for each file, while a worker keeps its server for the next one. */
const isWorker = process.env['MOCHA_WORKER_ID'] !== undefined;

/** Loaded by mocha through `require` in .mocharc.json. */
export const mochaHooks = isWorker ? {} : { afterAll: stopTestServer };
