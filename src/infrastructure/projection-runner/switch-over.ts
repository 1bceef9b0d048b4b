import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { tableName } from '../../projections/projection.js';
import { inTransaction } from '../transaction.js';
import type { Announcements } from './announcements.js';
import { Fenced } from './checkpoints.js';
import { lockTables } from './ensure-tables.js';
import type { Lease, Leases } from './leases.js';
import { liveSchema, modelId, qualified, quoted } from './model-table.js';
import type { Refold } from './refold.js';
import { dropIfEmpty } from './scratch.js';

/** SQLSTATEs of waiting for locks in vain: somebody reads the old table for long. */
const lockFailures = new Set(['55P03', '40P01']);
const tries = 10;
/** How often a fold runs after a log that goes on, before appends have to wait for it; and what is near enough, in events. */
const rounds = 8;
const few = 50;
/** Milliseconds between tries. */
const rest = 200;

/** Puts a rebuilt table in the place of the live one, in one transaction: names, indexes, checkpoint and parked events go with it. */
export class SwitchOver {
  constructor(
    private readonly pool: pg.Pool,
    private readonly leases: Leases,
    private readonly announcements: Announcements,
  ) {}

  /** Nobody else writes the live model meanwhile: its loop is fenced off, and appends wait for the lock of an inline table. */
  async run(refold: Refold): Promise<void> {
    const live = modelId(liveSchema, refold.model.shape);
    const lease = await this.leases.seize(live);
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await this.tailAndSwap(refold, lease);
          return;
        } catch (error) {
          if (!isLockFailure(error) || attempt === tries) throw error;
          await pause(rest);
        }
      }
    } finally {
      await this.leases.release(lease);
      await refold.release();
      this.announcements.lookAgain(live);
    }
  }

  private async tailAndSwap(refold: Refold, lease: Lease): Promise<void> {
    switch (refold.model.kind) {
      case 'asynchronous':
        if (lease.checkpoint.position !== undefined) await refold.upTo(lease.checkpoint.position);
        await inTransaction(this.pool, (client) => swap(client, refold, lease));
        return;
      case 'inline':
        await nearHead(refold);
        await inTransaction(this.pool, async (client) => {
          await client.query("SET LOCAL lock_timeout = '1s'");
          await client.query(`LOCK TABLE ${live(refold)} IN EXCLUSIVE MODE`);
          // Reading the log takes no lock that an append holds, so this ends.
          await refold.upToHead();
          await swap(client, refold, lease);
        });
    }
  }
}

/** So near that appends wait for a few events only. */
async function nearHead(refold: Refold): Promise<void> {
  let events = -1;
  for (let round = 1; round <= rounds && refold.events - events > few; round += 1) {
    events = refold.events;
    await refold.upToHead();
  }
}

const live = (refold: Refold): string => qualified({ schema: liveSchema, name: tableName(refold.model.shape) });

async function swap(client: pg.ClientBase, refold: Refold, lease: Lease): Promise<void> {
  const { schema } = refold.table;
  await client.query("SET LOCAL lock_timeout = '1s'");
  await lockTables(client);
  await client.query(`DROP TABLE ${live(refold)}`);
  await client.query(`ALTER TABLE ${qualified(refold.table)} SET SCHEMA ${quoted(liveSchema)}`);
  await client.query('DELETE FROM parked_events WHERE model = $1', [lease.model]);
  await client.query('UPDATE parked_events SET model = $2 WHERE model = $1', [refold.id, lease.model]);
  await takeCheckpoint(client, refold, lease);
  await client.query('DELETE FROM projection_leases WHERE model = $1', [refold.id]);
  await dropIfEmpty(client, schema);
}

/** A fold that was led to a checkpoint is as complete as the model was there. @throws Fenced */
async function takeCheckpoint(
  client: pg.ClientBase,
  { id, model }: Refold,
  { model: live, token }: Lease,
): Promise<void> {
  const { rows } = await client.query<{ generation: number; built_at: Date | null }>(
    'DELETE FROM projection_checkpoints WHERE model = $1 AND fencing = $2 RETURNING generation, built_at',
    [live, token],
  );
  const [replaced] = rows;
  if (replaced === undefined) throw new Fenced(live);

  await client.query(
    `UPDATE projection_checkpoints
        SET model = $2, fencing = $3, generation = greatest(generation, $4) + 1,
            built_at = CASE WHEN $5 THEN built_at ELSE $6::timestamptz END
      WHERE model = $1`,
    [id, live, token, replaced.generation, model.kind === 'inline', replaced.built_at],
  );
}

const isLockFailure = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && lockFailures.has(error.code);
