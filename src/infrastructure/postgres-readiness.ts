import type pg from 'pg';
import { type Check, Readiness } from '../application/ports/readiness.js';
import type { LogEngine } from './event-log/log-engine.js';
import type { RootKeyCheck } from './vault/root-key-check.js';

/** Milliseconds. */
const patience = 2_000;

async function bounded(name: string, look: () => Promise<unknown>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${patience} ms`)), patience);
  });
  try {
    await Promise.race([look(), late]);
    return { name, healthy: true };
  } catch {
    return { name, healthy: false, detail: 'does not answer' };
  } finally {
    clearTimeout(timer);
  }
}

/** Ready when the database and the log answer, and every key can be unwrapped. */
export class PostgresReadiness extends Readiness {
  constructor(
    private readonly pool: pg.Pool,
    private readonly engine: LogEngine,
    private readonly rootKeys: RootKeyCheck,
  ) {
    super();
  }

  checks(): Promise<readonly Check[]> {
    return Promise.all([
      bounded('database', () => this.pool.query('SELECT 1')),
      bounded('log', () => this.engine.head()),
      bounded('root-keys', () => this.rootKeys.recently()),
    ]);
  }
}
