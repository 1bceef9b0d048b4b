import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Columns } from '../../projections/projection.js';
import { asJson, type ModelTable, qualified, quoted } from './model-table.js';
import type { Change } from './change.js';
import type { Phase, Sweep } from './row-changes.js';

/** Rows that one statement writes. */
type Bulk = Readonly<{ sql: string; rows: Columns[] }>;

/** One change as rows of one or two statements; `shape` is the same for changes that the same statement makes. */
type Part = Readonly<{ shape: string; sql: () => string; row: Columns; creation?: boolean }>;

/**
 * Writes a batch in the caller's transaction: per phase one statement for each kind of change and set of columns, with all rows as one
 * JSON parameter; every column type comes from the table itself. COPY would be a third faster for rows that are certainly new, and
 * fails for all where one is not.
 */
export async function writePhases(client: pg.ClientBase, table: ModelTable, phases: readonly Phase[]): Promise<void> {
  for (const phase of phases) {
    for (const { sql, rows } of inBulk(table, phase.changes.values())) {
      await client.query({ name: nameOf(sql), text: sql, values: [JSON.stringify(rows)] });
    }
    if (phase.sweep !== undefined) await writeSweep(client, table, phase.sweep);
  }
}

/** Prepared once for each connection: pages at the head hold few rows, and planning them would cost more than writing them. */
const nameOf = (sql: string): string => `rows_${createHash('sha1').update(sql).digest('hex').slice(0, 32)}`;

/** Creations stand last, so that the update of a merge does not see the row that the same merge creates. */
function inBulk(table: ModelTable, changes: Iterable<Change>): readonly Bulk[] {
  const bulks = new Map<string, Bulk>();
  const creations = new Map<string, Bulk>();
  for (const change of changes) {
    for (const { shape, sql, row, creation } of parts[change.kind](table, change as never)) {
      const among = creation === true ? creations : bulks;
      let bulk = among.get(shape);
      if (bulk === undefined) among.set(shape, (bulk = { sql: sql(), rows: [] }));
      bulk.rows.push(asJson(table, row) as Columns);
    }
  }
  return [...bulks.values(), ...creations.values()];
}

type Parts = {
  readonly [Kind in Change['kind']]: (table: ModelTable, change: Extract<Change, { kind: Kind }>) => readonly Part[];
};

const parts: Parts = {
  put: (table, { row }) => [
    { shape: `put ${Object.keys(row)}`, sql: () => insertion(table, Object.keys(row), nonKey(table)), row },
  ],
  upsert: (table, { key, set }) => {
    const sql = (): string => insertion(table, [...table.key, ...Object.keys(set)], Object.keys(set));
    return [{ shape: `upsert ${Object.keys(set)}`, sql, row: { ...key, ...set } }];
  },
  update: (table, { key, set, add }) => [updating(table, key, set, add)],
  merge: (table, { key, set, add, create }) => {
    const sql = (): string => insertion(table, [...table.key, ...Object.keys(create)], []);
    const creating = { shape: `create ${Object.keys(create)}`, sql, row: { ...key, ...create }, creation: true };
    return [updating(table, key, set, add), creating];
  },
  delete: (table, { key }) => [
    {
      shape: 'delete',
      sql: () => `DELETE FROM ${qualified(table)} held USING ${given(table)} WHERE ${sameKey(table)}`,
      row: key,
    },
  ],
};

function updating(table: ModelTable, key: Columns, set: Columns, add: Readonly<Record<string, number>>): Part {
  const sql = (): string => {
    const sets = Object.keys(set).map((column) => `${quoted(column)} = given.${quoted(column)}`);
    const adds = Object.keys(add).map(
      (column) => `${quoted(column)} = held.${quoted(column)} + given.${quoted(column)}`,
    );
    return `UPDATE ${qualified(table)} held SET ${[...sets, ...adds].join(', ')} FROM ${given(table)} WHERE ${sameKey(table)}`;
  };
  return { shape: `update ${Object.keys(set)} + ${Object.keys(add)}`, sql, row: { ...key, ...set, ...add } };
}

const nonKey = (table: ModelTable): readonly string[] => table.columns.filter((column) => !table.key.includes(column));
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
