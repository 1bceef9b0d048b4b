import type { AllFilter, AllPage, Position, Recorded, StreamName } from '../../application/ports/event-log.js';
import type { AnyProjection } from '../../projections/projection.js';
import type { UnreadableEvent } from '../event-log/unreadable.js';
import type { Checkpoint } from './checkpoints.js';
import type { Follower } from './follower.js';
import type { PageCommit } from './page-commit.js';
import type { ParkedEvent, ParkedStreams } from './parking.js';
import { failureName, isPoison, parkedFor, parkedUnread } from './poison.js';
import { Rate } from './rate.js';

/** How often an event is tried before it is parked. */
const tries = 3;
const following = 'follows a parked event';

type Slice = Readonly<{ events: readonly Recorded[]; upTo: Position; atHead: boolean }>;

/**
 * Applies pages to a projection's table. A page that fails for what an event holds is halved until the event stands alone; after some
 * tries that event is parked, and with it every later event of its stream, while all other streams go on.
 */
export class ProjectionFollower implements Follower {
  readonly filter: AllFilter | undefined;
  private parked: ReadonlySet<StreamName> = new Set();
  private readonly rate = new Rate();

  constructor(
    readonly model: string,
    projection: AnyProjection,
    private readonly pages: PageCommit,
    private readonly parking: ParkedStreams,
    private readonly alarm: (event: ParkedEvent) => void,
  ) {
    this.filter = projection.categories === 'all' ? undefined : { categories: projection.categories };
  }

  async lead(): Promise<void> {
    this.parked = await this.parking.of(this.model);
  }

  apply(from: Checkpoint, page: AllPage): Promise<Checkpoint> {
    return this.halving(from, page);
  }

  setAside(from: Checkpoint, event: UnreadableEvent): Promise<Checkpoint> {
    return this.park(from, parkedUnread(event), { events: [], upTo: event.position, atHead: false });
  }

  async restart(from: Checkpoint): Promise<Checkpoint> {
    const start = await this.pages.restart(from);
    this.parked = new Set();
    return start;
  }

  private async halving(from: Checkpoint, slice: Slice): Promise<Checkpoint> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.write(from, slice, []);
      } catch (error) {
        if (!isPoison(error)) throw error;
        if (slice.events.length > 1) return this.halves(from, slice);
        const [event] = slice.events;
        if (event === undefined) throw error;
        if (attempt === tries) return this.park(from, parkedFor(event, failureName(error)), { ...slice, events: [] });
      }
    }
  }

  private async halves(from: Checkpoint, slice: Slice): Promise<Checkpoint> {
    const middle = slice.events.length >> 1;
    const first = slice.events.slice(0, middle);
    const upTo = first.at(-1)?.position ?? slice.upTo;
    const half = await this.halving(from, { events: first, upTo, atHead: false });
    return this.halving(half, { ...slice, events: slice.events.slice(middle) });
  }

  private async park(from: Checkpoint, event: ParkedEvent, slice: Slice): Promise<Checkpoint> {
    const reached = await this.write(from, slice, [event]);
    this.parked = new Set([...this.parked, event.stream]);
    this.alarm(event);
    return reached;
  }

  private async write(from: Checkpoint, slice: Slice, parked: readonly ParkedEvent[]): Promise<Checkpoint> {
    const { events, upTo, atHead } = slice;
    const apply = this.parked.size === 0 ? events : events.filter((event) => !this.parked.has(event.stream));
    const behind = apply === events ? [] : events.filter((event) => this.parked.has(event.stream));
    const reached = await this.pages.commit(from, {
      apply,
      park: [...parked, ...behind.map((event) => parkedFor(event, following))],
      advance: {
        position: upTo,
        events: apply.length,
        recordedAt: events.at(-1)?.recordedAt,
        atHead,
        rate: this.rate.now,
      },
    });
    this.rate.add(apply.length);
    return reached;
  }
}
