import { setTimeout as pause } from 'node:timers/promises';
import { type AllPage, ForeignEpoch, type Position } from '../../application/ports/event-log.js';
import { UnknownEventType, UnreadableEvent } from '../event-log/unreadable.js';
import type { Checkpoint } from './checkpoints.js';
import type { Follower, PageSource } from './follower.js';
import type { Growth } from './growth.js';
import type { Lease } from './leases.js';

export type Pace = Readonly<{
  /** Events in a page. */
  page: number;
  /** Milliseconds after which the log is read although it announced nothing. */
  poll: number;
  /** Milliseconds after which a checkpoint that only passed over other events is stored. */
  store: number;
  /** At the head, at least so many milliseconds lie between two pages, so that many small commits become few. */
  rest: number;
}>;

export const defaultPace: Pace = { page: 4_000, poll: 5_000, store: 1_000, rest: 40 };

/** Told how far a model's rows reach; without a position, that an event was set aside or the model began again. */
export type Announce = (model: string, position: Position | undefined) => void;

/** Leads followers through the log: commit, then ask for the next page; at the head, wait until the log grows. */
export class Following {
  constructor(
    private readonly source: PageSource,
    private readonly growth: Growth,
    private readonly announce: Announce,
    private readonly pace: Pace = defaultPace,
  ) {}

  /** Returns when the signal aborts. @throws Fenced, UnknownEventType, or what made a page impossible */
  async lead(follower: Follower, lease: Lease, signal: AbortSignal): Promise<void> {
    await follower.lead();
    const journey = new Journey(follower, this.source, this.pace, lease.checkpoint);
    while (!signal.aborted) {
      const began = performance.now();
      const seen = this.growth.seen;
      const page = await journey.step();
      this.announce(follower.model, page?.upTo);
      if (page?.atHead !== true) continue;

      await this.growth.since(seen, journey.patience, signal);
      await rest(began + (follower.rest ?? this.pace.rest) - performance.now(), signal);
    }
  }
}

/** Ends early when the signal aborts. */
async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await pause(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** One follower's way under one lease. */
export class Journey {
  private storedAt = performance.now();
  /** Everything up to here is applied or concerns others; the stored checkpoint may lag behind events of others. */
  private position: Position | undefined;

  constructor(
    private readonly follower: Follower,
    private readonly source: PageSource,
    private readonly pace: Pace,
    private stored: Checkpoint,
  ) {
    this.position = stored.position;
  }

  /** Applies the next page; undefined where an obstacle was dealt with instead. */
  async step(): Promise<AllPage | undefined> {
    const page = await this.read();
    if (page === undefined) return undefined;

    if (this.mustStore(page)) {
      this.stored = await this.follower.apply(this.stored, page);
      this.storedAt = performance.now();
    }
    this.position = page.upTo;
    return page;
  }

  /** As stored last. */
  get checkpoint(): Checkpoint {
    return this.stored;
  }

  /** Milliseconds to wait for growth. */
  get patience(): number {
    return this.position === this.stored.position ? this.pace.poll : this.pace.store;
  }

  /** A page ends before an event that cannot be read; where that comes first, the read fails. */
  private async read(): Promise<AllPage | undefined> {
    try {
      return await this.source.readAll(this.position, this.pace.page, this.follower.filter);
    } catch (error) {
      if (error instanceof ForeignEpoch) return this.restart();
      if (!(error instanceof UnreadableEvent) || error instanceof UnknownEventType) throw error;

      this.stored = await this.follower.setAside(this.stored, error);
      this.position = this.stored.position;
      return undefined;
    }
  }

  /** The log was restored or copied: what stands in the table tells another history. */
  private async restart(): Promise<undefined> {
    this.stored = await this.follower.restart(this.stored);
    this.position = this.stored.position;
  }

  private mustStore(page: AllPage): boolean {
    if (page.events.length > 0 || (page.atHead && !this.stored.built)) return true;
    return page.upTo !== this.stored.position && performance.now() - this.storedAt >= this.pace.store;
  }
}
