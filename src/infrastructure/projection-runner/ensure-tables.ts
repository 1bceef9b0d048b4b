import type pg from 'pg';
import { definition, liveSchema, modelId, qualified, quoted, type TableShape } from './model-table.js';
import { tableName } from '../../projections/projection.js';

/** A table of this name stands with other columns: they were changed without raising the version. */
export class ShapeChanged extends Error {
  constructor(readonly model: string) {
    super(`the columns of ${model} changed: raise its version, or rebuild it`);
    this.name = 'ShapeChanged';
  }
}

/** What the database has to know of a model to serve it, and to purge it without its code. */
export type Declared = TableShape & Readonly<{ personal?: Readonly<{ subject: string; columns: readonly string[] }> }>;

/** Creates missing tables and checkpoints; instances that start together wait for each other. @throws ShapeChanged */
export async function ensureTables(pool: pg.Pool, models: readonly Declared[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT pg_advisory_xact_lock(hashtext('read models'))");
    for (const model of models) await ensureTable(client, liveSchema, model);
    await client.query('COMMIT');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** In the caller's transaction. @throws ShapeChanged */
export async function ensureTable(client: pg.ClientBase, schema: string, model: Declared): Promise<void> {
  const id = modelId(schema, model);
  const shape = definition(liveSchema, model);
  const { rows } = await client.query<{ shape: string }>('SELECT shape FROM projection_checkpoints WHERE model = $1', [
    id,
  ]);
  const [known] = rows;
  if (known !== undefined && known.shape !== shape) throw new ShapeChanged(id);
  if (known !== undefined) return;

  await client.query(definition(schema, model));
  await client.query(
    `INSERT INTO projection_checkpoints (model, name, version, shape, personal) VALUES ($1, $2, $3, $4, $5)`,
    [id, model.name, model.version, shape, model.personal === undefined ? null : JSON.stringify(model.personal)],
  );
}

/** In the caller's transaction; for tables outside the live schema. */
export async function dropTable(client: pg.ClientBase, schema: string, model: Declared): Promise<void> {
  await client.query(`DROP TABLE IF EXISTS ${qualified({ schema, name: tableName(model) })}`);
  await client.query('DELETE FROM projection_checkpoints WHERE model = $1', [modelId(schema, model)]);
  await client.query('DELETE FROM projection_leases WHERE model = $1', [modelId(schema, model)]);
  await client.query('DELETE FROM parked_events WHERE model = $1', [modelId(schema, model)]);
}

export const createSchema = (client: pg.ClientBase, schema: string): Promise<unknown> =>
  client.query(`CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`);
