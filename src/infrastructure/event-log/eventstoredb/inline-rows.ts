import pg from 'pg';
import type { InlineRow } from '../../../application/ports/event-log.js';
import { describeRefusal, failureOf } from '../postgres/failures.js';
import type { Outcome } from './outcome.js';
import type { Patience } from './patience.js';

/** Rows that must stand before an append is acknowledged, written right after it. A row of a higher revision stays. */
export class InlineRows {
  constructor(
    private readonly pool: pg.Pool,
    private readonly patience: Patience,
  ) {}

  /**
   * @throws LogUnavailable while PostgreSQL does not answer, Error when it refuses a row; the events stand either way
   */
  async write(stream: string, rows: readonly InlineRow[]): Promise<void> {
    if (rows.length === 0) return;

    const byTable = JSON.stringify(tablesOf(rows));
    try {
      await this.patience.untilKnown(
        `PostgreSQL: inline rows of ${stream}`,
        () => this.patience.inTime(this.pool.query('select log_write_inline($1)', [byTable])),
        judge,
      );
    } catch (error) {
      throw judge(error) === 'refused' && error instanceof pg.DatabaseError ? describeRefusal(stream, error) : error;
    }
  }
}

const judge = (error: unknown): Outcome => (failureOf(error) === 'refused' ? 'refused' : 'unknown');

function tablesOf(rows: readonly InlineRow[]): Record<string, object[]> {
  const tables: Record<string, object[]> = {};
  for (const { table, columns, ...row } of rows) (tables[table] ??= []).push({ ...row, ...columns });
  return tables;
}
