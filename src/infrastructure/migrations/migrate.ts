import type { Knex } from 'knex';
import pg from 'pg';
import { connectionConfig, type Database } from '../database.js';
import type { Migration } from './migration.js';
import { migrations } from './migrations.js';

/** Any number that nothing else in the database takes as an advisory lock. */
const lockKey = 4_153_012_901;
/** How long an instance waits for another one that is migrating, in milliseconds. */
const lockTimeout = 120_000;

/** A static list instead of a directory: the names are the same from sources and compiled files. */
const source = (list: readonly Migration[]): Knex.MigrationSource<Migration> => ({
  getMigrations: async () => [...list],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => ({
    up: migration.up,
    down: async () => {
      throw new Error(`the migration ${migration.name} only goes forward`);
    },
  }),
});

/**
 * Brings the schema up to date. Instances that start together run one after the other.
 * @throws when another instance holds the schema for longer than two minutes, or a migration fails (nothing of any is left behind then)
 */
export async function migrate(database: Database, list: readonly Migration[] = migrations): Promise<void> {
  // The lock lives as long as this connection does; the library's own lock row would outlive a crash.
  const guard = new pg.Client({ ...connectionConfig(database.config, 'migrations'), statement_timeout: lockTimeout });
  guard.on('error', () => undefined);
  await guard.connect();
  try {
    await guard.query('select pg_advisory_lock($1)', [lockKey]);
    await run(database.knex, list);
  } finally {
    await guard.end();
  }
}

async function run(knex: Knex, list: readonly Migration[]): Promise<void> {
  const config: Knex.MigratorConfig = {
    tableName: 'migrations',
    migrationSource: source(list),
    // A newer instance may have migrated further; whether this one may still append is the control row's decision.
    disableMigrationsListValidation: true,
  };
  await knex.migrate.forceFreeMigrationsLock(config);
  await knex.migrate.latest(config);
}
