import type { Knex } from 'knex';

/**
 * A table of inline rows: `key` (text, primary key), `revision` (integer) and the columns named here, all written as one upsert that
 * only a higher revision wins. The table name carries the version.
 */
export type InlineTable = Readonly<{
  /** Name by which {@link InlineRow.model} speaks of it. */
  model: string;
  version: number;
  columns: (table: Knex.CreateTableBuilder) => void;
}>;

export const inlineTableName = (table: Pick<InlineTable, 'model' | 'version'>): string =>
  `${table.model}_v${table.version}`;
