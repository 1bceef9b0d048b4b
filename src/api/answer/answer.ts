import type { Position } from '../../application/ports/event-log.js';
import type { UserId } from '../../domain/values.js';

/** Parts that an answer of any shape may have; the router turns them into header fields. */
export type AnswerParts = Readonly<{
  /** Revision of what was answered or changed → `ETag: "<n>"`. */
  revision?: number;
  /** Where a command's events stand → `Annal-Position`. */
  position?: Position | undefined;
  /** Path on this service → `Location`, absolute on the configured origin. */
  location?: string;
  /** Whom the answer shows, where neither the token nor the path says so: a repetition of it ends with the person. */
  person?: UserId;
  /** Any others. `Cache-Control` here replaces `no-store`. */
  headers?: Readonly<Record<string, string | readonly string[]>>;
}>;

/** What it takes to continue a list; sealed into the cursor, so it may hold sort keys that are personal data. */
export type PageState = Readonly<Record<string, string | number | null>>;

/** Pieces of a body that is sent while it is made. `signal` is aborted when the caller has gone. */
export type BodyStream = (signal: AbortSignal) => AsyncIterable<string | Uint8Array>;

/** An answer as a value. Which of the bodies it has follows from its row in `responses`. */
export type Answer = AnswerParts &
  Readonly<{ status: number; body?: unknown; next?: PageState | undefined; stream?: BodyStream }>;
