/** What a client proposes to append. */
export type Proposed = Readonly<{
  id: string;
  type: string;
  json: boolean;
  data: Uint8Array;
  metadata: Uint8Array;
}>;

/** One record of the log. */
export type Written = Proposed &
  Readonly<{
    stream: string;
    revision: bigint;
    /** Commit and prepare position, which are equal for everything that is appended over gRPC. */
    position: bigint;
    /** Milliseconds since 1970. */
    created: number;
  }>;

/** The revision, -1 for "no stream", or one of the inexact expectations. */
export type Expected = bigint | 'any' | 'stream-exists';

export type AppendOutcome =
  | Readonly<{ kind: 'written'; revision: bigint; position: bigint }>
  | Readonly<{ kind: 'wrong-version'; current: bigint }>
  | Readonly<{ kind: 'deleted' }>;

export type StreamContent =
  | Readonly<{ kind: 'events'; events: readonly Written[]; last: bigint }>
  | Readonly<{ kind: 'not-found' }>
  | Readonly<{ kind: 'deleted' }>;

/** The revision of a tombstone, and the truncation that means "soft-deleted". */
export const LAST_REVISION = 0x7fff_ffff_ffff_ffffn;
