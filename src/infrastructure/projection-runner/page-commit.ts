import type pg from 'pg';
import type { Recorded } from '../../application/ports/event-log.js';
import type { AnyProjection, Rows } from '../../projections/projection.js';
import { writePhases } from './batch-writer.js';
import { type Advance, advance, type Checkpoint, rewind } from './checkpoints.js';
import { type ModelTable, qualified } from './model-table.js';
import { forgetParked, type ParkedEvent, park } from './parking.js';
import { HandlerFailed } from './poison.js';
import { RowChanges } from './row-changes.js';

/** The steps of one page, in order; a crash after any of them must lose and double nothing. */
export type ProtocolPoint = 'read' | 'begun' | 'advanced' | 'written' | 'committed';
/** Called at every step; throws or kills in tests of faults. */
export type Faults = (point: ProtocolPoint, model: string) => void;
export const noFaults: Faults = () => undefined;

export type PageContents = Readonly<{ apply: readonly Recorded[]; park: readonly ParkedEvent[]; advance: Advance }>;

/** Lost commits only take rows and checkpoint back together, so these transactions need not wait for the disk. */
const begin = `BEGIN; SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = '5s';
  SET LOCAL idle_in_transaction_session_timeout = '10s'`;

/** Applies pages of events to one table; rows, parked events and checkpoint move in one transaction. */
export class PageCommit {
  constructor(
    private readonly pool: pg.Pool,
    private readonly projection: AnyProjection,
    private readonly table: ModelTable,
    private readonly faults: Faults = noFaults,
  ) {}

  /** @throws Fenced, what a handler throws, what the database says; then nothing was written */
  async commit(from: Checkpoint, page: PageContents): Promise<Checkpoint> {
    this.faults('read', from.model);
    const changes = new RowChanges(this.table);
    for (const recorded of page.apply) handle(this.projection, changes, recorded);

    return this.transaction(async (client) => {
      this.faults('begun', from.model);
      const reached = await advance(client, from, page.advance);
      this.faults('advanced', from.model);
      await writePhases(client, this.table, changes.phases);
      await park(client, from.model, page.park);
      this.faults('written', from.model);
      return reached;
    });
  }

  /** Empties the table for another history of the log. @throws Fenced */
  restart(from: Checkpoint): Promise<Checkpoint> {
    return this.transaction(async (client) => {
      const start = await rewind(client, from);
      await client.query(`TRUNCATE ${qualified(this.table)}`);
      await forgetParked(client, from.model);
      return start;
    });
  }

  private async transaction(work: (client: pg.ClientBase) => Promise<Checkpoint>): Promise<Checkpoint> {
    const client = await this.pool.connect();
    try {
      await client.query(begin);
      const reached = await work(client);
      await client.query('COMMIT');
      this.faults('committed', reached.model);
      client.release();
      return reached;
    } catch (error) {
      // Ends the session, and with it the transaction: simpler than a roll-back that may fail as well.
      client.release(true);
      throw error;
    }
  }
}

type Handler = (rows: Rows, recorded: Recorded) => void;

/** @throws HandlerFailed, also where the projection has no row for the type: nothing is skipped in silence */
export function handle(projection: AnyProjection, rows: Rows, recorded: Recorded): void {
  try {
    handlerFor(projection, recorded.event.type)(rows, recorded);
  } catch (error) {
    throw new HandlerFailed(error);
  }
}

/** The casts are sound because a projection names the categories whose events it has rows for. */
function handlerFor({ name, on }: AnyProjection, type: string): Handler {
  if (typeof on === 'function') return on as Handler;

  const handler = (on as Readonly<Record<string, Handler>>)[type];
  if (handler === undefined) throw new TypeError(`${name} has no row for ${type}`);
  return handler;
}
