import type pg from 'pg';
import { tableName } from '../../projections/projection.js';
import { inTransaction } from '../transaction.js';
import { definition, liveSchema, modelId, qualified, type TableShape } from './model-table.js';

/** A table of this name stands with other columns: they were changed without raising the version. */
export class ShapeChanged extends Error {
  constructor(readonly model: string) {
    super(`the columns of ${model} changed: raise its version, or rebuild it with \`annal projections rebuild\``);
    this.name = 'ShapeChanged';
  }
}

/** What the database has to know of a model to serve it, and to purge it without its code. */
export type Declared = TableShape & Readonly<{ personal?: Readonly<{ subject: string; columns: readonly string[] }> }>;

/** @throws ShapeChanged where a table stands with other columns than code declares */
export async function demandShapes(pool: pg.Pool, models: readonly Declared[]): Promise<void> {
  const { rows } = await pool.query<{ model: string; shape: string }>(
    'SELECT model, shape FROM projection_checkpoints',
  );
  const standing = new Map(rows.map(({ model, shape }) => [model, shape]));
  for (const model of models) {
    const id = modelId(liveSchema, model);
    const shape = standing.get(id);
    if (shape !== undefined && shape !== definition(liveSchema, model)) throw new ShapeChanged(id);
  }
}

/** Creates missing tables and checkpoints; instances that start together wait for each other. */
export async function ensureTables(pool: pg.Pool, models: readonly Declared[]): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockTables(client);
    for (const model of models) await ensureTable(client, liveSchema, model);
  });
}

/** For those who create, switch or purge tables: one transaction at a time. */
export const lockTables = (client: pg.ClientBase): Promise<unknown> =>
  client.query("SELECT pg_advisory_xact_lock(hashtext('read models'))");

/** In the caller's transaction. @throws where it could not be purged */
export async function ensureTable(client: pg.ClientBase, schema: string, model: Declared): Promise<void> {
  const id = modelId(schema, model);
  const personal = model.personal === undefined ? null : JSON.stringify(model.personal);
  const { rowCount } = await client.query('UPDATE projection_checkpoints SET personal = $2 WHERE model = $1', [
    id,
    personal,
  ]);
  if (rowCount === 0) {
    await client.query(definition(schema, model));
    await client.query(
      'INSERT INTO projection_checkpoints (model, name, version, shape, personal) VALUES ($1, $2, $3, $4, $5)',
      [id, model.name, model.version, definition(liveSchema, model), personal],
    );
  }
  if (model.personal !== undefined) await checkPurgeable(client, schema, model, model.personal);
}

/** In the caller's transaction; for tables outside the live schema. */
export async function dropTable(client: pg.ClientBase, schema: string, model: Declared): Promise<void> {
  await client.query(`DROP TABLE IF EXISTS ${qualified({ schema, name: tableName(model) })}`);
  await client.query('DELETE FROM projection_checkpoints WHERE model = $1', [modelId(schema, model)]);
  await client.query('DELETE FROM projection_leases WHERE model = $1', [modelId(schema, model)]);
  await client.query('DELETE FROM parked_events WHERE model = $1', [modelId(schema, model)]);
}

/** A purge finds rows by `tenant` and subject, and sets personal columns to null. */
async function checkPurgeable(
  client: pg.ClientBase,
  schema: string,
  model: Declared,
  { subject, columns }: Readonly<{ subject: string; columns: readonly string[] }>,
): Promise<void> {
  const { rows } = await client.query<{ attname: string; attnotnull: boolean }>(
    'SELECT attname, attnotnull FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0',
    [qualified({ schema, name: tableName(model) })],
  );
  const required = new Map(rows.map((row) => [row.attname, row.attnotnull]));
  const unfit = columns.filter((column) => required.get(column) !== false);
  const absent = ['tenant', subject].filter((column) => !required.has(column));
  if (unfit.length + absent.length === 0) return;

  throw new Error(
    `${model.name} cannot be purged: it lacks ${absent.join(', ')}; must be nullable: ${unfit.join(', ')}`,
  );
}
