import type pg from 'pg';
import type { Position, StreamName } from '../../application/ports/event-log.js';
import type { TenantId } from '../../domain/values.js';

/** An event that a projection could not take, or that follows one in its stream. */
export type ParkedEvent = Readonly<{
  stream: StreamName;
  revision: number;
  position: Position;
  tenant: TenantId;
  /** Empty where the event could not be read. */
  type: string;
  /** Names the failure; a message could quote personal data. */
  error: string;
}>;

export async function park(client: pg.ClientBase, model: string, events: readonly ParkedEvent[]): Promise<void> {
  if (events.length === 0) return;

  await client.query(
    `INSERT INTO parked_events (model, stream, revision, position, tenant, type, error)
     SELECT $1, stream, revision, position, tenant, type, error FROM json_populate_recordset(NULL::parked_events, $2)
     ON CONFLICT (model, stream, revision) DO UPDATE
        SET error = EXCLUDED.error, attempts = parked_events.attempts + 1, parked_at = now()`,
    [model, JSON.stringify(events)],
  );
}

export const forgetParked = (client: pg.ClientBase, model: string): Promise<unknown> =>
  client.query('DELETE FROM parked_events WHERE model = $1', [model]);

export const unpark = (client: pg.ClientBase, model: string, stream: StreamName): Promise<unknown> =>
  client.query('DELETE FROM parked_events WHERE model = $1 AND stream = $2', [model, stream]);

/** A stream with events set aside, from the first of them to the last. */
export type ParkedStream = Readonly<{ stream: StreamName; first: number; last: number; count: number }>;

export class ParkedStreams {
  constructor(private readonly pool: pg.Pool) {}

  async of(model: string): Promise<ReadonlySet<StreamName>> {
    const { rows } = await this.pool.query<{ stream: StreamName }>(
      'SELECT DISTINCT stream FROM parked_events WHERE model = $1',
      [model],
    );
    return new Set(rows.map((row) => row.stream));
  }

  /** In the order in which they were parked. */
  async list(model: string): Promise<readonly ParkedStream[]> {
    const { rows } = await this.pool.query<ParkedStream>(
      `SELECT stream, min(revision) AS first, max(revision) AS last, count(*)::integer AS count
         FROM parked_events WHERE model = $1 GROUP BY stream ORDER BY min(parked_at), stream`,
      [model],
    );
    return rows;
  }

  /** Records that taking up failed again. */
  async failedAgain(model: string, { stream, first }: ParkedStream, error: string): Promise<void> {
    await this.pool.query(
      `UPDATE parked_events SET attempts = attempts + 1, error = $4 WHERE model = $1 AND stream = $2 AND revision = $3`,
      [model, stream, first, error],
    );
  }
}
