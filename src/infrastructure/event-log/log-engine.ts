import type { InlineRow } from '../../application/ports/event-log.js';

/** One event as stored: two JSON texts (UTF-8) that never change. The leaf hash covers them and the event's place. */
export type EncodedEvent = Readonly<{
  /** UUID. */
  id: string;
  /** Stored name, such as `user.registered`. */
  type: string;
  /** Sealed payload. */
  data: Uint8Array;
  /** Envelope: version, tenant, actor, command, correlation, causation, occurred-at, subjects, retention, policy revision, leaf hash. */
  metadata: Uint8Array;
}>;

export type StoredEvent = EncodedEvent &
  Readonly<{
    stream: string;
    revision: number;
    /** Ordered within the log; dense only on PostgreSQL. */
    position: bigint;
    /** RFC 3339, UTC, milliseconds; monotone in position (on EventStoreDB as far as the clocks of its nodes are). */
    recordedAt: string;
  }>;

export type EngineAppend = Readonly<{
  stream: string;
  /** -1 where there is no stream. Always exact. */
  expectedRevision: number;
  /** Never empty; the same bytes on every retry. */
  events: readonly EncodedEvent[];
  /** Rows that must stand before the append is acknowledged. */
  inline: readonly InlineRow[];
}>;

export type EngineAppended = Readonly<{ revision: number; position: bigint; recordedAt: string }>;

export type EngineFilter = Readonly<{ categories?: readonly string[]; tenant?: string }>;

export type EnginePage = Readonly<{ events: readonly StoredEvent[]; upTo: bigint; atHead: boolean }>;

/**
 * The log as bytes; PostgreSQL and EventStoreDB implement it and pass one contract suite (test/contracts/log-engine.ts).
 * Sending an append again with the same event ids and expected revision answers as the first time did.
 */
export abstract class LogEngine {
  abstract start(): Promise<void>;
  abstract stop(): Promise<void>;
  /** Names the history that positions belong to; restoring or copying a log gives a new one. */
  abstract epoch(): string;
  /** @throws RevisionConflict (also when the same ids stand elsewhere), LogUnavailable when the outcome stays unknown */
  abstract append(append: EngineAppend): Promise<EngineAppended>;
  /** Writes inline rows once more, where they are not part of the append's own transaction. @throws LogUnavailable */
  async confirm(_inline: readonly InlineRow[]): Promise<void> {
    return Promise.resolve();
  }
  /** From `from` (inclusive), forwards. A missing stream reads as empty. */
  abstract read(stream: string, from: number, max: number): Promise<readonly StoredEvent[]>;
  /** Newest first. */
  abstract readBackwards(stream: string, max: number): Promise<readonly StoredEvent[]>;
  /** After `after` (exclusive; 0 = from the start), in position order; `upTo` advances past events that do not match. */
  abstract readAll(after: bigint, max: number, filter?: EngineFilter): Promise<EnginePage>;
  /** Before `before` (exclusive; undefined = from the head), newest first. */
  abstract readAllBackwards(before: bigint | undefined, max: number, filter?: EngineFilter): Promise<EnginePage>;
  /** Position of the last event, 0n for an empty log. */
  abstract head(): Promise<bigint>;
  /** Calls `listener` whenever the log may have grown, by this process or another; returns how to stop. */
  abstract onGrowth(listener: () => void): () => void;
}
