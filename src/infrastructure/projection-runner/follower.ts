import type { AllFilter, AllPage, Position, Recorded, StreamName } from '../../application/ports/event-log.js';
import type { UnreadableEvent } from '../event-log/unreadable.js';
import type { Checkpoint } from './checkpoints.js';

/** Something that is led through the log page by page. */
export interface Follower {
  /** Names its checkpoint and lease. */
  readonly model: string;
  readonly filter: AllFilter | undefined;
  /** Milliseconds between pages at the head, where it needs not be fresh. */
  readonly rest?: number;
  /** Called with a new lease, before anything else. */
  lead(): Promise<void>;
  /** Applies a page and moves the checkpoint, all or nothing for every event. @throws Fenced, or what made it impossible */
  apply(from: Checkpoint, page: AllPage): Promise<Checkpoint>;
  /** Sets an event aside that the log cannot hand on, and moves past it. */
  setAside(from: Checkpoint, event: UnreadableEvent): Promise<Checkpoint>;
  /** Begins again with nothing. */
  restart(from: Checkpoint): Promise<Checkpoint>;
}

/** A follower that keeps a read model. */
export interface ReadModelFollower extends Follower {
  /** Applies the parked events of one stream, all or none, and forgets that they were parked. @throws Fenced, what a handler throws */
  takeUp(at: Checkpoint, stream: StreamName, events: readonly Recorded[]): Promise<void>;
}

/** Where pages come from: the log itself, or something that spares it. */
export interface PageSource {
  readAll(after: Position | undefined, max: number, filter?: AllFilter): Promise<AllPage>;
}
