import type { Instant, TenantId, UserId } from '../../domain/values.js';

/** A request as its Idempotency-Key names it. */
export type KeyedRequest = Readonly<{
  tenant: TenantId;
  /** UUIDv5 of tenant, actor, route and key: the identity of the record. */
  record: string;
  /** What the request said: method, path and body bytes. Stored only as a keyed digest, since bodies hold passwords. */
  content: string;
}>;

/** The outcome to repeat; the body is text, so that the repetition is exact. */
export type StoredAnswer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string | readonly string[]>>;
  body: string;
}>;

export type Claimed =
  /** Run it under this command id, then complete or release it with this lease. */
  | Readonly<{ state: 'claimed'; lease: string; commandId: string }>
  /** Another request with this key is being worked on. */
  | Readonly<{ state: 'running'; retryAfterSeconds: number }>
  /** The key stands for another content. */
  | Readonly<{ state: 'other-content' }>
  | Readonly<{ state: 'done'; answer: StoredAnswer }>;

/**
 * What is known about requests with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07). A claim whose holder died lapses, and
 * the next request runs under the same command id, so that the log recognises what was already appended. The command id follows from the
 * record and a keyed digest of the content: once a record has ended, its key with another content is another command, and nobody who
 * happens upon somebody's old key meets what was done under it.
 */
export abstract class Idempotency {
  abstract claim(request: KeyedRequest): Promise<Claimed>;
  /**
   * Keeps the answer, sealed, for 24 hours or until one of the `people` whom it shows is erased, after which the request runs again. Does
   * nothing where the lease was lost.
   */
  abstract complete(
    request: KeyedRequest,
    lease: string,
    answer: StoredAnswer,
    people: readonly UserId[],
  ): Promise<void>;
  /** Forgets the claim, so that a retry runs at once. */
  abstract release(request: KeyedRequest, lease: string): Promise<void>;
  /** Deletes the answers that show a person. */
  abstract forget(tenant: TenantId, person: UserId): Promise<void>;
  /** Deletes what ended before `before`; returns how many. */
  abstract expire(before: Instant): Promise<number>;
}
