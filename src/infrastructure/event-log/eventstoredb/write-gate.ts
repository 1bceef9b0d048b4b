import type pg from 'pg';
import type { ControlRow } from '../control-row.js';
import { OutdatedInstance } from '../outdated-instance.js';
import type { LogEpoch } from './log-epoch.js';
import type { Patience } from './patience.js';
import { lease } from './timings.js';

/** Milliseconds for which one look at the control row serves everybody who appends. */
const shared = 250;

type ControlState = Readonly<{ fingerprint: string | null; closed: boolean; epoch: string | null }>;
type Look = Readonly<{ at: number; row: Promise<ControlState> }>;

/** Lets appends through while the log is written under this instance's versions; see GatedControlRow. */
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
