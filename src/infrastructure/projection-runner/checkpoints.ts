import type pg from 'pg';
import type { Position } from '../../application/ports/event-log.js';
import type { Instant } from '../../domain/values.js';

/** How far a model has come, and under whose authority. */
export type Checkpoint = Readonly<{
  model: string;
  /** Undefined before the first page. */
  position: Position | undefined;
  /** Token of the lease; a newer lease makes every write under an older one fail. */
  fencing: string;
  /** Raised when pages in memory must be read anew (an erasure). */
  generation: number;
  /** Events applied so far. */
  events: number;
  /** When the whole log as it then was had been applied for the first time. */
  built: boolean;
}>;

/** What a page adds to a checkpoint. */
export type Advance = Readonly<{
  position: Position;
  events: number;
  /** Of the last event. */
  recordedAt: Instant | undefined;
  atHead: boolean;
  /** Events per second, recently. */
  rate: number;
}>;

/** Somebody else writes this model now, or pages in memory became void. Nothing was written. */
export class Fenced extends Error {
  constructor(readonly model: string) {
    super(`${model}: the checkpoint has moved on under another lease or generation`);
    this.name = 'Fenced';
  }
}

export type CheckpointRow = Readonly<{
  model: string;
  position: Position | null;
  fencing: string;
  generation: number;
  events: string;
  built: boolean;
}>;

export const checkpointColumns =
  'c.model, c.position, c.fencing, c.generation, c.events, c.built_at IS NOT NULL AS built';

export const toCheckpoint = (row: CheckpointRow): Checkpoint => ({
  model: row.model,
  position: row.position ?? undefined,
  fencing: row.fencing,
  generation: row.generation,
  events: Number(row.events),
  built: row.built,
});

export async function readCheckpoint(client: pg.Pool | pg.ClientBase, model: string): Promise<Checkpoint | undefined> {
  const { rows } = await client.query<CheckpointRow>(
    `SELECT ${checkpointColumns} FROM projection_checkpoints c WHERE c.model = $1`,
    [model],
  );
  return rows.map(toCheckpoint)[0];
}

/**
 * Moves the checkpoint in the caller's transaction, and only from where the caller believes it to be: that makes every event count once,
 * whatever became of an earlier commit.
 * @throws Fenced
 */
export async function advance(client: pg.ClientBase, from: Checkpoint, by: Advance): Promise<Checkpoint> {
  const { model, fencing, generation, position } = from;
  const { rowCount } = await client.query({
    name: 'checkpoint_advance',
    text: `UPDATE projection_checkpoints
        SET position = $5, events = events + $6, recorded_at = coalesce($7, recorded_at), rate = $8,
            built_at = coalesce(built_at, CASE WHEN $9 THEN now() END), updated_at = now()
      WHERE model = $1 AND fencing = $2 AND generation = $3 AND position IS NOT DISTINCT FROM $4`,
    values: [model, fencing, generation, position, by.position, by.events, by.recordedAt, by.rate, by.atHead],
  });
  if (rowCount !== 1) throw new Fenced(from.model);

  return { ...from, position: by.position, events: from.events + by.events, built: from.built || by.atHead };
}

/** Back to before the first event, in the caller's transaction. @throws Fenced */
export async function rewind(client: pg.ClientBase, from: Checkpoint): Promise<Checkpoint> {
  const { rowCount } = await client.query(
    `UPDATE projection_checkpoints
        SET position = NULL, events = 0, recorded_at = NULL, built_at = NULL, updated_at = now()
      WHERE model = $1 AND fencing = $2 AND generation = $3`,
    [from.model, from.fencing, from.generation],
  );
  if (rowCount !== 1) throw new Fenced(from.model);

  return { ...from, position: undefined, events: 0, built: false };
}

/** Keeps the checkpoint where it is until the caller's transaction ends. @throws Fenced */
export async function hold(client: pg.ClientBase, at: Checkpoint): Promise<void> {
  const { rowCount } = await client.query(
    'SELECT 1 FROM projection_checkpoints WHERE model = $1 AND fencing = $2 AND generation = $3 FOR UPDATE',
    [at.model, at.fencing, at.generation],
  );
  if (rowCount !== 1) throw new Fenced(at.model);
}
