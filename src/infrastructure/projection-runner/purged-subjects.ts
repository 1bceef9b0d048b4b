import type pg from 'pg';
import type { Columns, ColumnValue } from '../../projections/projection.js';
import type { Change } from './change.js';
import { type ModelTable, qualified, quoted } from './model-table.js';
import type { Phase } from './row-changes.js';

export type Personal = Readonly<{ subject: string; columns: readonly string[] }>;

export async function anyPurged(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ any: boolean }>('SELECT EXISTS (SELECT 1 FROM projection_purges) AS any');
  return rows[0]?.any === true;
}

/**
 * Keeps personal columns of purged people empty, in the transaction that wrote the phases: their own keys are gone, but addresses and
 * agents are sealed under keys of the tenant, and a rebuild could still open those.
 */
export async function hidePurged(
  client: pg.ClientBase,
  table: ModelTable,
  personal: Personal | undefined,
  phases: readonly Phase[],
): Promise<void> {
  if (personal === undefined) return;
  const tells = (columns: Columns): boolean => personal.columns.some((column) => (columns[column] ?? null) !== null);
  if (phases.some(({ sweep }) => sweep?.kind === 'updateWhere' && tells(sweep.set))) {
    await client.query(hiding(table, personal, 'true'), []);
    return;
  }
  const keys: Columns[] = [];
  for (const { changes } of phases) {
    for (const change of changes.values()) if (writtenBy(change).some(tells)) keys.push(keyOf(table, change));
  }
  if (keys.length === 0) return;

  const list = table.key.map(quoted).join(', ');
  const among = `(${table.key.map((column) => `held.${quoted(column)}`).join(', ')}) IN
    (SELECT ${list} FROM json_populate_recordset(NULL::${qualified(table)}, $1))`;
  await client.query(hiding(table, personal, among), [JSON.stringify(keys)]);
}

/** Empties what the table holds of one person now. */
export async function hideOne(
  client: pg.ClientBase,
  table: Readonly<{ schema: string; name: string }>,
  { subject: column, columns }: Personal,
  tenant: string,
  subject: string,
): Promise<number> {
  // As a record of the table, so that both values have the types of its columns and an index serves.
  const { rowCount } = await client.query(
    `UPDATE ${qualified(table)} held SET ${emptied(columns)}
       FROM json_populate_record(NULL::${qualified(table)}, $1) one
      WHERE held.tenant = one.tenant AND held.${quoted(column)} = one.${quoted(column)}`,
    [JSON.stringify({ tenant, [column]: subject })],
  );
  return rowCount ?? 0;
}

const emptied = (columns: readonly string[]): string => columns.map((column) => `${quoted(column)} = NULL`).join(', ');

const hiding = (table: ModelTable, { subject, columns }: Personal, condition: string): string =>
  `UPDATE ${qualified(table)} held SET ${emptied(columns)} FROM projection_purges purged
    WHERE held.tenant::text = purged.tenant AND held.${quoted(subject)}::text = purged.subject AND ${condition}`;

function writtenBy(change: Change): readonly Readonly<Record<string, ColumnValue>>[] {
  switch (change.kind) {
    case 'put':
      return [change.row];
    case 'upsert':
    case 'update':
      return [change.set];
    case 'merge':
      return [change.set, change.create];
    case 'delete':
      return [];
  }
}

function keyOf(table: ModelTable, change: Change): Columns {
  const from = change.kind === 'put' ? change.row : change.key;
  return Object.fromEntries(table.key.map((column) => [column, from[column] ?? null]));
}
