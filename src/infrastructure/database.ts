import knexPackage, { type Knex } from 'knex';
import pg from 'pg';

const { knex } = knexPackage;

/** Milliseconds. A pool that is exhausted answers within `connect`, a statement within `statement`. */
const timeouts = { connect: 2_000, statement: 30_000, idleInTransaction: 15_000 };

/** Session settings that every connection of the service has; what `config` says itself goes first. */
export const connectionConfig = (config: pg.ClientConfig, purpose: string): pg.ClientConfig => ({
  application_name: `annal ${purpose}`,
  connectionTimeoutMillis: timeouts.connect,
  statement_timeout: timeouts.statement,
  idle_in_transaction_session_timeout: timeouts.idleInTransaction,
  keepAlive: true,
  ...config,
});

/**
 * Hot paths keep their plans for long and may make them while the tables are still empty: only plans by index stay good, and compiling
 * them would cost more than running them.
 */
export const planByIndex =
  "set enable_seqscan = off; set plan_cache_mode = force_generic_plan; set jit = off; set timezone = 'UTC'; set datestyle = 'ISO';";

/** With those that listen and append, two instances take 56 of the 100 connections that PostgreSQL gives out by default. */
const most = { pool: 10, background: 4, queries: 10 };

/** The pool waits for `onConnect`, which its declaration leaves out. */
const pooled = (
  config: pg.PoolConfig,
  purpose: 'pool' | 'background',
): pg.PoolConfig & { onConnect: (client: pg.ClientBase) => Promise<unknown> } => ({
  ...connectionConfig(config, purpose),
  max: config.max ?? most[purpose],
  onConnect: (client) => client.query(planByIndex),
});

/**
 * The service's connections to PostgreSQL: `pool` for requests (log, validation, slots), `background` for what follows the log and for
 * jobs, `knex` for schema changes and queries. They are separate, so that neither slow queries nor a read model that is made again can
 * take the connections that a sign-in needs.
 */
export class Database {
  readonly pool: pg.Pool;
  readonly background: pg.Pool;
  readonly knex: Knex;

  constructor(readonly config: pg.PoolConfig) {
    this.pool = new pg.Pool(pooled(config, 'pool'));
    this.background = new pg.Pool(pooled(config, 'background'));
    for (const pool of [this.pool, this.background]) {
      // A connection that breaks is replaced at its next use; unheard, the event would end the process. While a
      // connection is lent out, the pool does not hear it: between two statements nobody would.
      pool.on('error', () => undefined);
      pool.on('connect', (client) => client.on('error', () => undefined));
    }
    this.knex = knex({
      client: 'pg',
      connection: connectionConfig(config, 'queries') as Knex.PgConnectionConfig,
      pool: { min: 0, max: config.max ?? most.queries },
      acquireConnectionTimeout: timeouts.connect,
      // The library writes to the console what it throws as well.
      log: { warn: () => undefined, error: () => undefined },
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.background.end(), this.knex.destroy()]);
  }
}
