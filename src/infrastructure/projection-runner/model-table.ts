import knexPackage, { type Knex } from 'knex';
import type pg from 'pg';
import { type Columns, type ColumnValue, tableName } from '../../projections/projection.js';

/** Only writes SQL down; it has no connection. */
const builder = knexPackage.knex({ client: 'pg' });

/** Where read models are served from. Rebuilds and comparisons stand in schemas of their own and keep every name. */
export const liveSchema = 'public';

/** A table as code declares it. */
export type TableShape = Readonly<{
  name: string;
  version: number;
  key: readonly string[];
  columns: (table: Knex.CreateTableBuilder) => void;
}>;

/** A table as it stands in the database. */
export type ModelTable = Readonly<{
  schema: string;
  name: string;
  key: readonly string[];
  columns: readonly string[];
  /** Columns of type json or jsonb, whose text is JSON already. */
  json: ReadonlySet<string>;
  /** What a column holds in a new row that does not mention it, where that is a number or null. */
  defaults: ReadonlyMap<string, number | null>;
}>;

export const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
export const qualified = (table: Readonly<{ schema: string; name: string }>): string =>
  `${quoted(table.schema)}.${quoted(table.name)}`;
/** Names a table in checkpoints, leases and announcements. */
export const modelId = (schema: string, shape: Readonly<{ name: string; version: number }>): string =>
  `${schema}.${tableName(shape)}`;

/** The statements that create the table; the same text means the same shape. */
export const definition = (schema: string, shape: TableShape): string =>
  builder.schema
    .withSchema(schema)
    .createTable(tableName(shape), (table) => {
      shape.columns(table);
      table.primary([...shape.key]);
    })
    .toQuery();

type CatalogRow = { attname: string; typname: string; standard: string | null };

const number = /^'?(-?\d+(?:\.\d+)?)'?(?:::[a-z ]+)?$/;

function defaultsIn(rows: readonly CatalogRow[]): ReadonlyMap<string, number | null> {
  const defaults = new Map<string, number | null>();
  for (const { attname, standard } of rows) {
    const literal = standard === null ? null : number.exec(standard)?.[1];
    if (literal !== undefined) defaults.set(attname, literal === null ? null : Number(literal));
  }
  return defaults;
}

/** @throws where the table does not exist */
export async function describeTable(
  client: pg.Pool | pg.ClientBase,
  schema: string,
  shape: Pick<TableShape, 'name' | 'version' | 'key'>,
): Promise<ModelTable> {
  const name = tableName(shape);
  const { rows } = await client.query<CatalogRow>(
    `SELECT a.attname, t.typname, pg_get_expr(d.adbin, d.adrelid) AS standard
       FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum`,
    [qualified({ schema, name })],
  );
  const json = rows.filter((row) => row.typname === 'json' || row.typname === 'jsonb').map((row) => row.attname);
  const columns = rows.map((row) => row.attname);
  return { schema, name, key: shape.key, columns, json: new Set(json), defaults: defaultsIn(rows) };
}

type Json = ColumnValue | object;

/** The row as JSON for `json_populate_record`: text of a JSON column is put in as what it says. */
export function asJson(table: ModelTable, row: Columns): Readonly<Record<string, Json>> {
  if (table.json.size === 0) return row;

  const opened: Record<string, Json> = { ...row };
  for (const column of table.json) {
    const value = row[column];
    if (typeof value === 'string') opened[column] = JSON.parse(value) as Json;
  }
  return opened;
}
