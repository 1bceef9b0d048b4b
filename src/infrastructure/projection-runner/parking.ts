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

export class ParkedStreams {
  constructor(private readonly pool: pg.Pool) {}

  async of(model: string): Promise<ReadonlySet<StreamName>> {
    const { rows } = await this.pool.query<{ stream: StreamName }>(
      'SELECT DISTINCT stream FROM parked_events WHERE model = $1',
      [model],
    );
    return new Set(rows.map((row) => row.stream));
  }
}
