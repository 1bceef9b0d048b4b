import type pg from 'pg';
import { type InlineRow, parseStreamName, type Recorded, type StreamName } from '../../application/ports/event-log.js';
import type { AnyInlineModel } from '../inline-models.js';
import type { Declared } from './ensure-tables.js';
import { asJson, type ModelTable, qualified, quoted } from './model-table.js';

/** The table of an inline model: what every row has, and the model's own columns. */
export const inlineShape = (model: AnyInlineModel): Declared => ({
  name: model.name,
  version: model.version,
  key: ['key'],
  columns: (table) => {
    table.text('key').notNullable();
    table.uuid('tenant').notNullable();
    table.text('id').notNullable();
    table.integer('revision').notNullable();
    model.columns(table);
  },
});

export function rowKey(stream: StreamName): string {
  const { tenant, id } = parseStreamName(stream);
  return `${tenant}_${id}`;
}

/** Streams whose row is missing or older than their newest event. */
export async function streamsBehind(
  client: pg.Pool | pg.ClientBase,
  table: ModelTable,
  newest: readonly Pick<Recorded, 'stream' | 'revision'>[],
): Promise<readonly StreamName[]> {
  const wanted = newest.map(({ stream, revision }) => ({ stream, key: rowKey(stream), revision }));
  const { rows } = await client.query<{ stream: StreamName }>(
    `SELECT w.stream FROM json_to_recordset($1) AS w(stream text, key text, revision integer)
       LEFT JOIN ${qualified(table)} held ON held.key = w.key
      WHERE held.key IS NULL OR held.revision < w.revision`,
    [JSON.stringify(wanted)],
  );
  return rows.map((row) => row.stream);
}

/** In the caller's transaction. A row of a higher revision stays. */
export async function writeInlineRows(
  client: pg.ClientBase,
  table: ModelTable,
  rows: readonly InlineRow[],
): Promise<void> {
  if (rows.length === 0) return;

  const values = rows.map(({ key, tenant, id, revision, columns }) =>
    asJson(table, { ...columns, key, tenant, id, revision }),
  );
  const list = table.columns.map(quoted).join(', ');
  const set = table.columns.map((column) => `${quoted(column)} = EXCLUDED.${quoted(column)}`).join(', ');
  // In key order, so that two writers of the same rows wait for each other and do not deadlock.
  await client.query(
    `INSERT INTO ${qualified(table)} AS held (${list})
     SELECT ${list} FROM json_populate_recordset(NULL::${qualified(table)}, $1) ORDER BY key
     ON CONFLICT (key) DO UPDATE SET ${set} WHERE held.revision < EXCLUDED.revision`,
    [JSON.stringify(values)],
  );
}
