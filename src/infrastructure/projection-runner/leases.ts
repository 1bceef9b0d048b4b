import type pg from 'pg';
import { type Checkpoint, type CheckpointRow, checkpointColumns, toCheckpoint } from './checkpoints.js';

/** The right to write one model, until it is lost or released. */
export type Lease = Readonly<{
  model: string;
  token: string;
  /** Where the model stands, read after any writer before us had ended. */
  checkpoint: Checkpoint;
  /** Aborted when a renewal found another holder. A courtesy: what keeps others out is the token. */
  lost: AbortSignal;
}>;

type Held = { lease: Lease; lose: AbortController };

/**
 * Who may write which model. All times are the database's. The token of a new lease goes into the model's checkpoint before the holder
 * reads it, so an older holder's write fails even where it slept through everything.
 */
export class Leases {
  private readonly held = new Map<string, Held>();
  private renewals: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: pg.Pool,
    /** Names this process, uniquely. */
    readonly holder: string,
    /** Milliseconds a lease lasts without renewal. */
    readonly lifetime: number,
  ) {}

  /** The lease, or undefined where somebody holds it. */
  take(model: string): Promise<Lease | undefined> {
    return this.acquire(model, 'WHERE projection_leases.expires <= clock_timestamp()');
  }

  /** The lease, whoever holds it. @throws where the model has no checkpoint */
  async seize(model: string): Promise<Lease> {
    const lease = await this.acquire(model, '');
    if (lease === undefined) throw new Error(`there is no read model ${model}`);

    return lease;
  }

  /** Renews everything this process holds and finds out what was lost. Happens by itself while anything is held. */
  async renew(): Promise<void> {
    if (this.held.size === 0) return;

    const mine = [...this.held.values()];
    const { rows } = await this.pool.query<{ model: string; token: string }>(
      `UPDATE projection_leases SET expires = clock_timestamp() + $2 * interval '1 millisecond'
        WHERE holder = $1 AND expires > clock_timestamp() RETURNING model, token`,
      [this.holder, this.lifetime],
    );
    const kept = new Set(rows.map((row) => `${row.model} ${row.token}`));
    for (const { lease, lose } of mine) {
      if (kept.has(`${lease.model} ${lease.token}`) || this.held.get(lease.model)?.lease !== lease) continue;
      this.drop(lease.model);
      lose.abort();
    }
  }

  /** Lets the next one in at once. Releasing a lost lease is harmless. */
  async release(lease: Lease): Promise<void> {
    if (this.held.get(lease.model)?.lease === lease) this.drop(lease.model);
    await this.pool.query(
      'UPDATE projection_leases SET expires = clock_timestamp() WHERE model = $1 AND holder = $2 AND token = $3',
      [lease.model, this.holder, lease.token],
    );
  }

  private async acquire(model: string, condition: string): Promise<Lease | undefined> {
    const { rows } = await this.pool.query<CheckpointRow>(
      `WITH lease AS (
         INSERT INTO projection_leases (model, holder, token, expires)
         VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
         ON CONFLICT (model) DO UPDATE
            SET holder = $2, token = projection_leases.token + 1, expires = clock_timestamp() + $3 * interval '1 millisecond'
         ${condition}
         RETURNING token)
       UPDATE projection_checkpoints c SET fencing = lease.token FROM lease WHERE c.model = $1
       RETURNING ${checkpointColumns}`,
      [model, this.holder, this.lifetime],
    );
    const [row] = rows;
    if (row === undefined) return undefined;

    const lose = new AbortController();
    const lease = { model, token: row.fencing, checkpoint: toCheckpoint(row), lost: lose.signal };
    this.held.get(model)?.lose.abort();
    this.held.set(model, { lease, lose });
    // A renewal that fails is followed by another; the lease outlasts two of them.
    this.renewals ??= setInterval(() => void this.renew().catch(() => undefined), this.lifetime / 3);
    return lease;
  }

  private drop(model: string): void {
    this.held.delete(model);
    if (this.held.size > 0) return;
    clearInterval(this.renewals);
    this.renewals = undefined;
  }
}
