import {
  type AllFilter,
  type AllPage,
  type EventLog,
  ForeignEpoch,
  type Position,
  parseStreamName,
  type Recorded,
} from '../../application/ports/event-log.js';
import { UnreadableEvent } from '../event-log/unreadable.js';
import type { PageSource } from './follower.js';
import type { Growth } from './growth.js';

/** Events kept in memory, opened. */
const capacity = 2_000;
/** Milliseconds for which the end of the window counts as the head while the log announces nothing. */
const trust = 1_000;

/** Events after `from`, up to and including `upTo`, without gaps. */
type Window = Readonly<{ from: Position; upTo: Position; events: readonly Recorded[] }>;

/**
 * The newest events, read and opened once for all followers, which wait at the head together: a growth of the log costs one read and not
 * one for each of them. Whoever is further behind reads the log itself.
 */
export class SharedTail implements PageSource {
  private window: Window | undefined;
  private extending: Promise<boolean> | undefined;
  private headSeen = { growth: -1, at: 0 };
  /** Counts calls to forget, so that a read under way does not bring back what was to be forgotten. */
  private forgotten = 0;

  constructor(
    private readonly log: Pick<EventLog, 'readAll' | 'compare'>,
    private readonly growth: Growth,
  ) {}

  /** For events in memory that must be read anew, such as those of an erased person. */
  forget(): void {
    this.forgotten += 1;
    this.window = undefined;
    this.extending = undefined;
  }

  async readAll(after: Position | undefined, max: number, filter?: AllFilter): Promise<AllPage> {
    const { window } = this;
    if (after === undefined || window === undefined || !this.reaches(window, after))
      return this.direct(after, max, filter);
    if (this.log.compare(after, window.upTo) < 0) return this.fromMemory(window, after, max, filter);
    if (this.isHead()) return { events: [], upTo: after, atHead: true };

    // Who read the log itself may stand beyond the window: it is the window that has to come along.
    const head = await this.extended(window);
    const longer = this.window;
    if (head === undefined || longer === undefined || !this.covers(longer, after))
      return this.direct(after, max, filter);
    const page = this.fromMemory(longer, after, max, filter);
    return { ...page, atHead: head && page.upTo === longer.upTo };
  }

  private covers(window: Window, after: Position): boolean {
    return this.reaches(window, after) && this.log.compare(after, window.upTo) <= 0;
  }

  /** Whether what follows `after` is in the window, or would be once it has grown. */
  private reaches({ from }: Window, after: Position): boolean {
    try {
      return this.log.compare(after, from) >= 0;
    } catch (error) {
      if (error instanceof ForeignEpoch) return false;
      throw error;
    }
  }

  /** Never claims to be at the head: what was read for another follower may be older than the growth that this one woke up for. */
  private fromMemory({ events, upTo }: Window, after: Position, max: number, filter?: AllFilter): AllPage {
    let first = events.length;
    while (first > 0 && this.log.compare((events[first - 1] as Recorded).position, after) > 0) first -= 1;
    const page: Recorded[] = [];
    for (const event of events.slice(first)) {
      if (page.length === max) return { events: page, upTo: (page.at(-1) as Recorded).position, atHead: false };
      if (matches(event, filter)) page.push(event);
    }
    return { events: page, upTo, atHead: false };
  }

  private isHead(): boolean {
    return this.headSeen.growth === this.growth.seen && performance.now() - this.headSeen.at < trust;
  }

  private async direct(after: Position | undefined, max: number, filter?: AllFilter): Promise<AllPage> {
    const { forgotten } = this;
    const page = await this.log.readAll(after, max, filter);
    // A window that was there already stays, or those behind would lose what they are about to read.
    const isFirst = this.window === undefined || !this.reaches(this.window, page.upTo);
    if (page.atHead && isFirst && forgotten === this.forgotten)
      this.window = { from: page.upTo, upTo: page.upTo, events: [] };
    return page;
  }

  /** Whether the window reaches the head now; undefined where it could not be extended. One read for all who ask meanwhile. */
  private extended(window: Window): Promise<boolean | undefined> {
    this.extending ??= this.extend(window).finally(() => {
      this.extending = undefined;
    });
    return this.extending.catch((error: unknown) => {
      if (error instanceof UnreadableEvent || error instanceof ForeignEpoch) return undefined;
      throw error;
    });
  }

  private async extend(window: Window): Promise<boolean> {
    const { forgotten } = this;
    const seen = { growth: this.growth.seen, at: performance.now() };
    const page = await this.log.readAll(window.upTo, capacity);
    if (forgotten !== this.forgotten) return false;

    const all = [...window.events, ...page.events];
    const kept = all.slice(-capacity);
    const dropped = all[all.length - kept.length - 1];
    this.window = { from: dropped?.position ?? window.from, upTo: page.upTo, events: kept };
    if (page.atHead) this.headSeen = seen;
    return page.atHead;
  }
}

const matches = ({ stream, tenant }: Recorded, filter: AllFilter | undefined): boolean =>
  (filter?.categories?.includes(parseStreamName(stream).category) ?? true) &&
  (filter?.tenant === undefined || filter.tenant === tenant);
