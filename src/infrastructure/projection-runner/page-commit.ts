import type pg from 'pg';
import type { Recorded, StreamName } from '../../application/ports/event-log.js';
import type { AnyProjection, Rows } from '../../projections/projection.js';
import { writePhases } from './batch-writer.js';
import { type Advance, advance, type Checkpoint, hold, rewind } from './checkpoints.js';
import { type ModelTable, qualified } from './model-table.js';
import { forgetParked, type ParkedEvent, park, unpark } from './parking.js';
import { HandlerFailed } from './poison.js';
import { anyPurged, hidePurged } from './purged-subjects.js';
import { inRepeatableWork } from '../transaction.js';
import { RowChanges } from './row-changes.js';

/** The steps of one page, in order; a crash after any of them must lose and double nothing. */
export type ProtocolPoint = 'read' | 'begun' | 'advanced' | 'written' | 'committed';
/** Called at every step; throws or kills in tests of faults. */
export type Faults = (point: ProtocolPoint, model: string) => void | Promise<void>;
export const noFaults: Faults = () => undefined;

export type PageContents = Readonly<{ apply: readonly Recorded[]; park: readonly ParkedEvent[]; advance: Advance }>;

/** Of a page: whoever purges or rebuilds waits for it, and must not wait for long. */
const limits = ["lock_timeout = '5s'", "idle_in_transaction_session_timeout = '10s'"];

/** Applies pages of events to one table; rows, parked events and checkpoint move in one transaction. */
export class PageCommit {
  private purged = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly projection: AnyProjection,
    private readonly table: ModelTable,
    private readonly faults: Faults = noFaults,
  ) {}

  /** Learns whether anybody was ever purged; before the first page. */
  async prepare(): Promise<void> {
    const { personal } = this.projection;
    this.purged = personal !== undefined && (await anyPurged(this.pool));
  }

  /** @throws Fenced, what a handler throws, what the database says; then nothing was written */
  async commit(from: Checkpoint, page: PageContents): Promise<Checkpoint> {
    await this.faults('read', from.model);
    const changes = new RowChanges(this.table);
    for (const recorded of page.apply) handle(this.projection, changes, recorded);

    return this.transaction(async (client) => {
      await this.faults('begun', from.model);
      const reached = await advance(client, from, page.advance);
      await this.faults('advanced', from.model);
      await this.write(client, changes);
      await park(client, from.model, page.park);
      await this.faults('written', from.model);
      return reached;
    });
  }

  /** Applies parked events of one stream; the checkpoint stays. @throws Fenced, what a handler throws, what the database says */
  async takeUp(at: Checkpoint, stream: StreamName, events: readonly Recorded[]): Promise<void> {
    const changes = new RowChanges(this.table);
    for (const recorded of events) handle(this.projection, changes, recorded);
    await this.transaction(async (client) => {
      await hold(client, at);
      await this.write(client, changes);
      await unpark(client, at.model, stream);
      return at;
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

  private async write(client: pg.ClientBase, { phases }: RowChanges): Promise<void> {
    await writePhases(client, this.table, phases);
    if (this.purged) await hidePurged(client, this.table, this.projection.personal, phases);
  }

  private async transaction(work: (client: pg.ClientBase) => Promise<Checkpoint>): Promise<Checkpoint> {
    const reached = await inRepeatableWork(this.pool, work, limits);
    await this.faults('committed', reached.model);
    return reached;
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
