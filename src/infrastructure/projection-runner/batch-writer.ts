import type pg from 'pg';
import type { Columns } from '../../projections/projection.js';
import { asJson, type ModelTable, qualified, quoted } from './model-table.js';
import type { Change, Phase, Sweep } from './row-changes.js';

/** Changes that one statement can make. */
type Bulk = { readonly sql: string; readonly rows: Columns[] };

/**
 * Writes a batch in the caller's transaction: per phase one statement for each kind of change and set of columns, with all rows as one
 * JSON parameter (measured 80,000 to 115,000 rows per second on two cores; every column type comes from the table itself).
 */
export async function writePhases(client: pg.ClientBase, table: ModelTable, phases: readonly Phase[]): Promise<void> {
  for (const phase of phases) {
    for (const { sql, rows } of inBulk(table, phase.changes.values())) {
      await client.query(sql, [JSON.stringify(rows.map((row) => asJson(table, row)))]);
    }
    if (phase.sweep !== undefined) await writeSweep(client, table, phase.sweep);
  }
}

function inBulk(table: ModelTable, changes: Iterable<Change>): Iterable<Bulk> {
  const bulks = new Map<string, Bulk>();
  for (const change of changes) {
    const shape = shapeOf(change);
    const bulk = bulks.get(shape) ?? { sql: statements[change.kind](table, change as never), rows: [] };
    bulks.set(shape, bulk);
    bulk.rows.push(rowOf(change));
  }
  return bulks.values();
}

function shapeOf(change: Change): string {
  switch (change.kind) {
    case 'put':
      return `put ${Object.keys(change.row)}`;
    case 'upsert':
      return `upsert ${Object.keys(change.set)}`;
    case 'update':
      return `update ${Object.keys(change.set)} + ${Object.keys(change.add)}`;
    case 'delete':
      return 'delete';
  }
}

function rowOf(change: Change): Columns {
  switch (change.kind) {
    case 'put':
      return change.row;
    case 'upsert':
      return { ...change.key, ...change.set };
    case 'update':
      return { ...change.key, ...change.set, ...change.add };
    case 'delete':
      return change.key;
  }
}

type Statements = {
  readonly [Kind in Change['kind']]: (table: ModelTable, change: Extract<Change, { kind: Kind }>) => string;
};

const statements: Statements = {
  put: (table, { row }) => {
    const others = table.columns.filter((column) => !table.key.includes(column));
    return insertion(table, Object.keys(row), others);
  },
  upsert: (table, { set }) => insertion(table, [...table.key, ...Object.keys(set)], Object.keys(set)),
  update: (table, { set, add }) => {
    const sets = Object.keys(set).map((column) => `${quoted(column)} = given.${quoted(column)}`);
    const adds = Object.keys(add).map(
      (column) => `${quoted(column)} = held.${quoted(column)} + given.${quoted(column)}`,
    );
    return `UPDATE ${qualified(table)} held SET ${[...sets, ...adds].join(', ')} FROM ${given(table)} WHERE ${sameKey(table)}`;
  },
  delete: (table) => `DELETE FROM ${qualified(table)} held USING ${given(table)} WHERE ${sameKey(table)}`,
};

const given = (table: ModelTable): string => `json_populate_recordset(NULL::${qualified(table)}, $1) given`;
const sameKey = (table: ModelTable): string =>
  table.key.map((column) => `held.${quoted(column)} = given.${quoted(column)}`).join(' AND ');

function insertion(table: ModelTable, columns: readonly string[], replaced: readonly string[]): string {
  const list = columns.map(quoted).join(', ');
  const set = replaced.map((column) => `${quoted(column)} = EXCLUDED.${quoted(column)}`).join(', ');
  return `INSERT INTO ${qualified(table)} (${list})
    SELECT ${list} FROM json_populate_recordset(NULL::${qualified(table)}, $1)
    ON CONFLICT (${table.key.map(quoted).join(', ')}) DO ${set === '' ? 'NOTHING' : `UPDATE SET ${set}`}`;
}

async function writeSweep(client: pg.ClientBase, table: ModelTable, sweep: Sweep): Promise<void> {
  const sought = `json_populate_record(NULL::${qualified(table)}, $1) sought`;
  const where = JSON.stringify(asJson(table, sweep.where));
  const condition = matching(sweep.where);
  switch (sweep.kind) {
    case 'deleteWhere':
      await client.query(`DELETE FROM ${qualified(table)} held USING ${sought} WHERE ${condition}`, [where]);
      return;
    case 'updateWhere': {
      const set = Object.keys(sweep.set)
        .map((column) => `${quoted(column)} = given.${quoted(column)}`)
        .join(', ');
      await client.query(
        `UPDATE ${qualified(table)} held SET ${set}
           FROM ${sought}, json_populate_record(NULL::${qualified(table)}, $2) given WHERE ${condition}`,
        [where, JSON.stringify(asJson(table, sweep.set))],
      );
    }
  }
}

/** `IS NOT DISTINCT FROM` would not use an index. */
function matching(where: Columns): string {
  const conditions = Object.entries(where).map(([column, value]) =>
    value === null ? `held.${quoted(column)} IS NULL` : `held.${quoted(column)} = sought.${quoted(column)}`,
  );
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}
