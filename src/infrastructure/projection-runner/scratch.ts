import type pg from 'pg';
import { inTransaction } from '../transaction.js';
import { dropTable, ensureTable, lockTables } from './ensure-tables.js';
import { modelId, quoted } from './model-table.js';
import type { ReadModel } from './read-model-catalog.js';

/** What a schema beside the live one is for. */
export type Purpose = 'rebuild' | 'verify' | 'replay';

/** A schema of its own, with a number that was never used before. Also clears away what crashed processes left. */
export async function scratchSchema(pool: pg.Pool, purpose: Purpose): Promise<string> {
  await dropAbandoned(pool);
  const { rows } = await pool.query<{ n: string }>("SELECT nextval('projection_rebuilds') AS n");
  return `${purpose}_${rows[0]?.n}`;
}

/** Makes the model's table there, empty. The lease keeps others from clearing it away until its owner has taken over. */
export function makeScratch(pool: pg.Pool, schema: string, model: ReadModel): Promise<void> {
  return inTransaction(pool, async (client) => {
    await lockTables(client);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`);
    await ensureTable(client, schema, model.shape);
    await client.query(
      `INSERT INTO projection_leases (model, holder, token, expires)
       VALUES ($1, 'nobody yet', 0, clock_timestamp() + interval '1 minute')`,
      [modelId(schema, model.shape)],
    );
  });
}

/** Drops the model's table there, and the schema with its last table. */
export function dropScratch(pool: pg.Pool, schema: string, model: ReadModel): Promise<void> {
  return inTransaction(pool, async (client) => {
    await lockTables(client);
    await dropTable(client, schema, model.shape);
    await dropIfEmpty(client, schema);
  });
}

export async function dropIfEmpty(client: pg.ClientBase, schema: string): Promise<void> {
  const { rows } = await client.query('SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace($1) LIMIT 1', [
    quoted(schema),
  ]);
  if (rows.length === 0) await client.query(`DROP SCHEMA IF EXISTS ${quoted(schema)}`);
}

async function dropAbandoned(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ schema: string }>(
    `SELECT nspname AS schema FROM pg_namespace
      WHERE nspname ~ '^(rebuild|verify|replay)_[0-9]+$'
        AND NOT EXISTS (SELECT 1 FROM projection_leases
                         WHERE starts_with(model, nspname || '.') AND expires > clock_timestamp())`,
  );
  for (const { schema } of rows) {
    await inTransaction(pool, async (client) => {
      await lockTables(client);
      await client.query(`DROP SCHEMA IF EXISTS ${quoted(schema)} CASCADE`);
      for (const table of ['projection_checkpoints', 'projection_leases', 'parked_events']) {
        await client.query(`DELETE FROM ${table} WHERE starts_with(model, $1)`, [`${schema}.`]);
      }
    });
  }
}
