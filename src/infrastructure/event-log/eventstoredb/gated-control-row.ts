import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { ControlRow } from '../control-row.js';
import { defaultTimings, givenUpAfter, lease, type Timings } from './timings.js';

/** For an append that was sent at the very last moment, and for the transaction that switches. */
const margin = { append: 500, transaction: 3_000 };

/**
 * The control row of a log that is not in this database, so that no append can check it in its own transaction. Whoever
 * changes it closes the write gate first and waits until every instance has seen that and no append of before can be under way.
 */
export class GatedControlRow extends ControlRow {
  constructor(
    private readonly database: pg.Pool,
    fingerprint: string,
    private readonly timings: Timings = defaultTimings,
  ) {
    super(database, fingerprint);
  }

  /** Commands wait meanwhile, about five seconds. @throws also Error when another instance switches, or this one was held up */
  override async advance(from: string, tail?: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    const wait = lease + givenUpAfter(this.timings) + margin.append;
    const closed = await this.close(wait + 2 * margin.transaction);
    try {
      await sleep(wait);
      await super.advance(from, async (client) => {
        // A process that was stopped meanwhile would switch behind an open gate.
        const { rowCount } = await client.query(
          `select from control
            where gate_closed_until = $1 and gate_closed_until > clock_timestamp() + make_interval(secs => $2)`,
          [closed, margin.transaction / 1000],
        );
        if (rowCount !== 1) throw new Error('the write gate opened before the switch');
        await tail?.(client);
      });
    } finally {
      await this.database.query('update control set gate_closed_until = null where gate_closed_until = $1', [closed]);
    }
  }

  private async close(milliseconds: number): Promise<string> {
    const { rows } = await this.database.query<{ until: string }>(
      `update control set gate_closed_until = clock_timestamp() + make_interval(secs => $1)
        where gate_closed_until is null or gate_closed_until < clock_timestamp()
        returning gate_closed_until::text as until`,
      [milliseconds / 1000],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('another instance holds the write gate');

    return row.until;
  }
}
