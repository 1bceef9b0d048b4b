import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { ControlRow } from '../control-row.js';
import { OutdatedInstance } from '../outdated-instance.js';
import type { LogEpoch } from './log-epoch.js';
import type { Patience } from './patience.js';

/** Milliseconds that an instance may go on appending after it last looked. */
const lease = 250;
/** Beyond a call's own limit: for clocks, and for a call that was sent at the very last moment. */
const margin = 500;

type Reading = Readonly<{ fingerprint: string | null; closed: boolean; until: number }>;

/**
 * Lets appends through while the log is written under this instance's versions. The control row is in another database than the log, so
 * it cannot be checked in the append itself: instances look at most `lease` before each attempt, and whoever changes the row closes the
 * gate first and waits until no attempt of before can be under way.
 */
export class WriteGate {
  private reading: Promise<Reading> | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly control: ControlRow,
    private readonly epoch: LogEpoch,
    private readonly patience: Patience,
  ) {}

  /** @throws OutdatedInstance, Error while the gate is closed or PostgreSQL does not answer */
  async pass(): Promise<void> {
    const { fingerprint, closed } = await this.patience.inTime(this.recent());
    if (fingerprint !== this.control.fingerprint) {
      throw new OutdatedInstance(
        `the log is written as ${fingerprint ?? 'nothing'}, this instance writes as ${this.control.fingerprint}`,
      );
    }
    if (closed) throw new Error('the write gate is closed for a moment');
  }

  /**
   * ControlRow.advance while no instance appends. Takes about as long as one call may take.
   * @throws OutdatedInstance, Error when another instance holds the gate
   */
  async advance(from: string, tail?: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    const wait = lease + this.patience.timings.call * 1.2 + margin;
    const { rowCount } = await this.pool.query(
      `update control set gate_closed_until = clock_timestamp() + make_interval(secs => $1)
        where gate_closed_until is null or gate_closed_until < clock_timestamp()`,
      [(wait * 3) / 1000],
    );
    if (rowCount !== 1) throw new Error('another instance holds the write gate');
    try {
      await sleep(wait);
      await this.control.advance(from, tail);
    } finally {
      this.reading = undefined;
      await this.pool.query('update control set gate_closed_until = null');
    }
  }

  /** One query at a time, shared by everybody who appends meanwhile. Its age counts from before it was asked. */
  private async recent(): Promise<Reading> {
    const current = await this.reading?.catch(() => undefined);
    if (current !== undefined && performance.now() < current.until) return current;

    const asked = this.ask(performance.now() + lease);
    this.reading = asked;
    return asked;
  }

  private async ask(until: number): Promise<Reading> {
    const { rows } = await this.pool.query<{ fingerprint: string; closed: boolean; epoch: string | null }>(
      `select fingerprint, coalesce(gate_closed_until > clock_timestamp(), false) as closed,
              (select epoch from log_epochs where engine = 'eventstoredb')
         from control`,
    );
    const [row] = rows;
    if (row?.epoch) this.epoch.learn(row.epoch);
    return { fingerprint: row?.fingerprint ?? null, closed: row?.closed ?? false, until };
  }
}
