import type { Message, RetentionClass } from '../../domain/decider.js';
import type { Branded, Instant, TenantId } from '../../domain/values.js';

/** `<category>-<tenant>_<id>`; see {@link streamName}. */
export type StreamName = Branded<'StreamName'>;
/** `<log epoch>.<engine position>`: opaque outside infrastructure; ordered within one epoch. */
export type Position = Branded<'Position'>;

export const streamName = (category: string, tenant: TenantId, id: string): StreamName =>
  `${category}-${tenant}_${id}` as StreamName;

export function parseStreamName(stream: StreamName): { category: string; tenant: TenantId; id: string } {
  const dash = stream.indexOf('-');
  const underscore = stream.indexOf('_', dash);
  return {
    category: stream.slice(0, dash),
    tenant: stream.slice(dash + 1, underscore) as TenantId,
    id: stream.slice(underscore + 1),
  };
}

/** Who acts: an account (with its tenant, since an installation administrator acts in other tenants), a client, or the service. */
export type Actor =
  | Readonly<{ kind: 'user'; tenant: TenantId; id: string }>
  | Readonly<{ kind: 'client'; tenant: TenantId; id: string }>
  | Readonly<{ kind: 'anonymous' }>
  | Readonly<{ kind: 'system'; id: string }>;

/** What surrounds a command and is recorded with every event that it causes. */
export type CommandContext = Readonly<{
  tenant: TenantId;
  actor: Actor;
  /** UUID; stable over retries of the same command. */
  commandId: string;
  /** The id was made for this try alone, so nobody can have carried the command out before. Not recorded. */
  fresh?: boolean;
  correlationId: string;
  /** Id of the event or command that caused this command. */
  causationId?: string;
  at: Instant;
  /** Revision of the tenant's settings that the decision was made under. */
  policyRevision?: number;
}>;

/** One event as it stands in the log, opened. */
export type Recorded<Event extends Message = Message> = Readonly<{
  event: Event;
  id: string;
  /** Schema version of the stored bytes, before upcasting. */
  version: number;
  stream: StreamName;
  /** From 0, without gaps. */
  revision: number;
  position: Position;
  tenant: TenantId;
  actor: Actor;
  commandId: string;
  correlationId: string;
  causationId?: string;
  policyRevision?: number;
  occurredAt: Instant;
  /** Monotone per log. */
  recordedAt: Instant;
  /** The people whom the event is about. */
  subjects: readonly string[];
  retention: RetentionClass;
}>;

/**
 * A row that must stand when the command is acknowledged. It is a view of one stream's whole state at `revision`, so a row of a higher
 * revision replaces any lower one, whatever lay between.
 */
export type InlineRow = Readonly<{
  /** Table name, version included. */
  table: string;
  /** `<tenant>_<id>` of the stream. */
  key: string;
  tenant: TenantId;
  id: string;
  revision: number;
  columns: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}>;

export type Append = Readonly<{
  stream: StreamName;
  /** Revision of the last event the decision has seen; -1 where there is no stream. */
  expectedRevision: number;
  /** Never empty. */
  events: readonly Message[];
  context: CommandContext;
  inline: readonly InlineRow[];
}>;

export type Appended = Readonly<{ revision: number; position: Position; recordedAt: Instant }>;

export type AllFilter = Readonly<{ categories?: readonly string[]; tenant?: TenantId }>;

export type AllPage = Readonly<{
  events: readonly Recorded[];
  /** Everything up to and including this position has been looked at; continue from here. */
  upTo: Position;
  /** True when `upTo` was the head of the log at the time of the read. */
  atHead: boolean;
}>;

/** The log moved on since the state was loaded. */
export class RevisionConflict extends Error {
  constructor(readonly stream: StreamName) {
    super(`the stream ${stream} is not at the expected revision`);
    this.name = 'RevisionConflict';
  }
}

/** The outcome of an append cannot be learned now (the log does not answer). Sending the same command again is safe. */
export class LogUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LogUnavailable';
  }
}

/** A position of a log that was restored or copied since. */
export class ForeignEpoch extends Error {
  constructor(readonly position: Position) {
    super(`the position ${position} belongs to an earlier epoch of this log`);
    this.name = 'ForeignEpoch';
  }
}

/** The append-only log, with events opened. Two engines stand behind it. */
export abstract class EventLog {
  /** @throws RevisionConflict, LogUnavailable */
  abstract append(append: Append): Promise<Appended>;
  /**
   * Makes sure that these rows stand, for a command whose append succeeded while their writing did not. Nothing to do where both are one
   * transaction. @throws LogUnavailable
   */
  abstract confirm(inline: readonly InlineRow[]): Promise<void>;
  /** Events of one stream from `from` (inclusive) forwards, at most `max`. A missing stream reads as empty. */
  abstract read(stream: StreamName, from: number, max: number): Promise<readonly Recorded[]>;
  /** The newest `max` events of one stream, newest first. */
  abstract readBackwards(stream: StreamName, max: number): Promise<readonly Recorded[]>;
  /** Events of the whole log after `after` (exclusive; undefined = from the start), in position order. @throws ForeignEpoch */
  abstract readAll(after: Position | undefined, max: number, filter?: AllFilter): Promise<AllPage>;
  /** Newest first, before `before` (exclusive; undefined = from the head). */
  abstract readAllBackwards(before: Position | undefined, max: number, filter?: AllFilter): Promise<AllPage>;
  /** Position of the last event of the log. */
  abstract head(): Promise<Position>;
  /** Calls `listener` whenever the log may have grown; returns how to stop. Announcements may be merged or spurious, never lost for good. */
  abstract onGrowth(listener: () => void): () => void;
  /** -1, 0 or 1 as `left` stands before, at or after `right`. @throws ForeignEpoch */
  abstract compare(left: Position, right: Position): number;
}
