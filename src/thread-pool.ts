import { availableParallelism } from 'node:os';

/*
 * Import this before anything else in the entry point. Hashes run on libuv's pool, which has four threads unless the
 * environment says otherwise before its first use; were all of them hashing, files, name look-ups and signatures would
 * wait behind them.
 */

/** Threads that hashing leaves to everything else. */
const spare = 4;

/** As many hashes at once as there are cores; more would only wait for each other, at 19 MiB each. */
export const hashesAtOnce = availableParallelism();

const configured = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);

process.env['UV_THREADPOOL_SIZE'] = String(Math.max(configured || 0, hashesAtOnce + spare));

/** How many threads are missing for so many hashes at once; 0 = enough. To be reported when the service starts. */
export const missingThreads = (hashes: number): number =>
  Math.max(0, hashes + spare - Number(process.env['UV_THREADPOOL_SIZE']));
