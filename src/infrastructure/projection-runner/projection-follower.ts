import type { AllFilter, AllPage, Recorded, StreamName } from '../../application/ports/event-log.js';
import type { AnyProjection } from '../../projections/projection.js';
import type { UnreadableEvent } from '../event-log/unreadable.js';
import type { Checkpoint } from './checkpoints.js';
import type { ReadModelFollower } from './follower.js';
import { inHalves } from './halving.js';
import type { PageCommit } from './page-commit.js';
import type { ParkedEvent, ParkedStreams } from './parking.js';
import { failureName, parkedFor, parkedUnread } from './poison.js';
import { Rate } from './rate.js';

const following = 'follows a parked event';

/**
 * Applies pages to a projection's table. An event that cannot be applied is parked, and with it every later event of its stream, while
 * all other streams go on.
 */
export class ProjectionFollower implements ReadModelFollower {
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
    await this.pages.prepare();
  }

  apply(from: Checkpoint, page: AllPage): Promise<Checkpoint> {
    return inHalves(
      from,
      page,
      (start, some) => this.write(start, some, []),
      (start, event, rest, error) => this.park(start, parkedFor(event, failureName(error)), { ...rest, events: [] }),
    );
  }

  setAside(from: Checkpoint, event: UnreadableEvent): Promise<Checkpoint> {
    return this.park(from, parkedUnread(event), { events: [], upTo: event.position, atHead: false });
  }

  async restart(from: Checkpoint): Promise<Checkpoint> {
    const start = await this.pages.restart(from);
    this.parked = new Set();
    return start;
  }

  takeUp(at: Checkpoint, stream: StreamName, events: readonly Recorded[]): Promise<void> {
    return this.pages.takeUp(at, stream, events);
  }

  private async park(from: Checkpoint, event: ParkedEvent, page: AllPage): Promise<Checkpoint> {
    const reached = await this.write(from, page, [event]);
    this.parked = new Set([...this.parked, event.stream]);
    this.alarm(event);
    return reached;
  }

  private async write(from: Checkpoint, page: AllPage, parked: readonly ParkedEvent[]): Promise<Checkpoint> {
    const { events, upTo, atHead } = page;
    const apply = this.parked.size === 0 ? events : events.filter((event) => !this.parked.has(event.stream));
    const behind = apply === events ? [] : events.filter((event) => this.parked.has(event.stream));
    const recordedAt = events.at(-1)?.recordedAt;
    const reached = await this.pages.commit(from, {
      apply,
      park: [...parked, ...behind.map((event) => parkedFor(event, following))],
      advance: { position: upTo, events: apply.length, recordedAt, atHead, rate: this.rate.now },
    });
    this.rate.add(apply.length);
    return reached;
  }
}
