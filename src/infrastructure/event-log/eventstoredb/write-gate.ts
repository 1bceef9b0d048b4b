import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { ControlRow } from '../control-row.js';
import { OutdatedInstance } from '../outdated-instance.js';
import type { LogEpoch } from './log-epoch.js';
import type { Patience } from './patience.js';

/** Milliseconds for which a look at the control row serves everybody who appends. */
const shared = 250;
/** Milliseconds after which a look is worth nothing: PostgreSQL may have taken its time to answer. */
const lease = 1_000;
/** Beyond a call's own limit: for a call that was sent at the very last moment, and one transaction to switch in. */
const margin = { call: 500, transaction: 3_000 };

type Look = Readonly<{ at: number; row: Promise<ControlState> }>;
type ControlState = Readonly<{ fingerprint: string | null; closed: boolean; epoch: string | null }>;

/**
 * Lets appends through while the log is written under this instance's versions. The control row is in another database
 * than the log, so the append itself cannot check it: instances look at it at most `lease` before each attempt, and
 * whoever changes the row closes the gate first and waits until no attempt of before can be under way.
 */
export class WriteGate {
  private look: Look | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly control: ControlRow,
    private readonly epoch: LogEpoch,
    private readonly patience: Patience,
  ) {}

  /** @throws OutdatedInstance, Error while the gate is closed or PostgreSQL does not answer soon */
  async pass(): Promise<void> {
    const { at, row } = this.recent();
    const { fingerprint, closed, epoch } = await this.patience.inTime(row, lease);
    if (epoch !== null) this.epoch.learn(epoch);
    if (fingerprint !== this.control.fingerprint) {
      throw new OutdatedInstance(
        `the log is written as ${fingerprint ?? 'nothing'}, this instance writes as ${this.control.fingerprint}`,
      );
    }
    if (closed) throw new Error('the write gate is closed for a moment');
    if (performance.now() > at + lease) throw new Error('PostgreSQL answers too slowly');
  }

  /**
   * ControlRow.advance while no instance appends. Takes a little longer than one call may take.
   * @throws OutdatedInstance, Error when another instance holds the gate or this one was held up
   */
  async advance(from: string, tail?: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    const wait = lease + this.patience.timings.call * 1.2 + margin.call;
    const closed = await this.close(wait + 2 * margin.transaction);
    try {
      await sleep(wait);
      await this.control.advance(from, async (client) => {
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
      this.look = undefined;
      await this.pool.query('update control set gate_closed_until = null where gate_closed_until = $1', [closed]);
    }
  }

  private async close(milliseconds: number): Promise<string> {
    const { rows } = await this.pool.query<{ until: string }>(
      `update control set gate_closed_until = clock_timestamp() + make_interval(secs => $1)
        where gate_closed_until is null or gate_closed_until < clock_timestamp()
        returning gate_closed_until::text as until`,
      [milliseconds / 1000],
    );
    const [row] = rows;
    if (row === undefined) throw new Error('another instance holds the write gate');

    return row.until;
  }

  private recent(): Look {
    const at = performance.now();
    if (this.look === undefined || at > this.look.at + shared) {
      const look = { at, row: this.ask() };
      this.look = look;
      look.row.catch(() => {
        if (this.look === look) this.look = undefined;
      });
    }
    return this.look;
  }

  private async ask(): Promise<ControlState> {
    const { rows } = await this.pool.query<ControlState>(
      `select fingerprint, coalesce(gate_closed_until > clock_timestamp(), false) as closed,
              (select epoch from log_epochs where engine = 'eventstoredb')
         from control`,
    );

    return rows[0] ?? { fingerprint: null, closed: false, epoch: null };
  }
}
