import type pg from 'pg';
import type { AllFilter, AllPage, EventLog, Position } from '../../application/ports/event-log.js';
import { UnreadableEvent } from '../event-log/unreadable.js';
import { type Checkpoint, Fenced, readCheckpoint } from './checkpoints.js';
import type { Follower, PageSource } from './follower.js';
import { Journey } from './following.js';
import type { Lease, Leases } from './leases.js';
import { describeTable, type ModelTable } from './model-table.js';
import { progressOf, type Report } from './progress.js';
import { ReadAhead } from './read-ahead.js';
import type { ReadModel, ReadModelCatalog } from './read-model-catalog.js';
import { dropScratch, makeScratch } from './scratch.js';

type Log = Pick<EventLog, 'readAll' | 'compare' | 'head'>;

/** Builds read models from the first event, in schemas of their own. */
export class Refolds {
  constructor(
    private readonly pool: pg.Pool,
    private readonly log: Log,
    private readonly catalog: ReadModelCatalog,
    private readonly leases: Leases,
  ) {}

  /** `page` is the number of events applied at a time. */
  async begin(model: ReadModel, schema: string, page: number, report: Report): Promise<Refold> {
    await makeScratch(this.pool, schema, model);
    const table = await describeTable(this.pool, schema, model.shape);
    const follower = await this.catalog.follower(model, schema, () => undefined);
    const lease = await this.leases.seize(follower.model);
    return new Refold(this.pool, this.log, this.leases, model, table, follower, lease, page, report);
  }
}

/** A read model under construction beside the live one. */
export class Refold {
  private readonly started = performance.now();
  private checkpoint: Checkpoint;

  constructor(
    private readonly pool: pg.Pool,
    private readonly log: Log,
    private readonly leases: Leases,
    readonly model: ReadModel,
    readonly table: ModelTable,
    private readonly follower: Follower,
    private readonly lease: Lease,
    private readonly page: number,
    private readonly report: Report,
  ) {
    this.checkpoint = lease.checkpoint;
  }

  get position(): Position | undefined {
    return this.checkpoint.position;
  }

  get events(): number {
    return this.checkpoint.events;
  }

  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  /** Names its checkpoint. */
  get id(): string {
    return this.follower.model;
  }

  /** Applies everything up to the position, and nothing after it. @throws ForeignEpoch, UnknownEventType, Fenced */
  async upTo(limit: Position): Promise<void> {
    const source = new ReadAhead(this.bounded(limit));
    await this.follower.lead();
    for (;;) {
      try {
        await this.travel(source, limit);
        return;
      } catch (error) {
        if (!(error instanceof Fenced)) throw error;
        await this.comeBack(error);
      }
    }
  }

  /** Everything that is in the log now. */
  async upToHead(): Promise<void> {
    await this.upTo(await this.log.head());
  }

  async drop(): Promise<void> {
    await this.release();
    await dropScratch(this.pool, this.table.schema, this.model);
  }

  release(): Promise<void> {
    return this.leases.release(this.lease);
  }

  private async travel(source: PageSource, limit: Position): Promise<void> {
    const journey = new Journey(
      this.follower,
      source,
      { page: this.page, poll: 0, store: 0, rest: 0 },
      this.checkpoint,
    );
    for (;;) {
      const page = await journey.step();
      this.checkpoint = journey.checkpoint;
      this.report(progressOf(this.model.shape.name, this.events, this.seconds, this.position, limit));
      if (page?.atHead === true) return;
    }
  }

  /** An erasure made the page in memory void: go on from what is stored. */
  private async comeBack(fenced: Fenced): Promise<void> {
    const stored = await readCheckpoint(this.pool, this.follower.model);
    if (stored === undefined || stored.fencing !== this.checkpoint.fencing) throw fenced;
    if (stored.generation === this.checkpoint.generation) throw fenced;
    this.checkpoint = stored;
  }

  /** The log as if it ended at the limit. */
  private bounded(limit: Position): PageSource {
    const order = (position: Position): number => this.log.compare(position, limit);
    const end = { events: [], upTo: limit, atHead: true };
    return {
      readAll: async (after: Position | undefined, max: number, filter?: AllFilter): Promise<AllPage> => {
        if (after !== undefined && order(after) >= 0) return { ...end, upTo: after };
        try {
          const page = await this.log.readAll(after, max, filter);
          if (order(page.upTo) < 0) return page;
          return { ...end, events: page.events.filter(({ position }) => order(position) <= 0) };
        } catch (error) {
          if (error instanceof UnreadableEvent && order(error.position) > 0) return end;
          throw error;
        }
      },
    };
  }
}
