import type { Columns, ColumnValue, Rows } from '../../../src/projections/projection.js';

type Row = Record<string, ColumnValue>;

/** What handlers mean, said as simply as possible: one change after the other, on rows in memory. */
export class PlainRows implements Rows {
  readonly rows = new Map<string, Row>();

  constructor(
    private readonly key: readonly string[],
    /** Every column and what it holds where a new row does not mention it. */
    private readonly defaults: Columns,
  ) {}

  insert(row: Columns): void {
    this.rows.set(this.id(row), { ...this.defaults, ...row });
  }

  upsert(key: Columns, columns: Columns): void {
    this.rows.set(this.id(key), { ...(this.rows.get(this.id(key)) ?? { ...this.defaults, ...key }), ...columns });
  }

  update(key: Columns, columns: Columns): void {
    Object.assign(this.rows.get(this.id(key)) ?? {}, columns);
  }

  increment(key: Columns, column: string, by: number): void {
    const row = this.rows.get(this.id(key));
    const held = row?.[column];
    if (row !== undefined && typeof held === 'number') row[column] = held + by;
  }

  delete(key: Columns): void {
    this.rows.delete(this.id(key));
  }

  updateWhere(where: Columns, columns: Columns): void {
    for (const row of this.matching(where)) Object.assign(row, columns);
  }

  deleteWhere(where: Columns): void {
    for (const row of this.matching(where)) this.delete(row);
  }

  private matching(where: Columns): Row[] {
    return [...this.rows.values()].filter((row) =>
      Object.entries(where).every(([column, value]) => row[column] === value),
    );
  }

  private id(key: Columns): string {
    return JSON.stringify(this.key.map((column) => key[column]));
  }
}
