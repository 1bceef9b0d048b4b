import type { Authorized } from '../../domain/authorization/authorized.js';
import type { AuthorizationRequest } from '../../domain/authorization/request.js';
import type { IssuedUnder } from '../../domain/user/issued-under.js';
import type { ClaimId, Instant, TenantId } from '../../domain/values.js';

export type SingleUseKind =
  | 'verify-email'
  | 'verify-phone'
  | 'change-email'
  | 'change-phone'
  | 'reset-password'
  | 'invitation'
  | 'setup'
  | 'authorization-code'
  | 'pushed-request';

/** Sealed. `issued`: what it stands on; `claim`: the address that is to be proved; `authorized`: what a code is redeemed for. */
export type SingleUsePayload = Readonly<{
  issued?: IssuedUnder;
  claim?: ClaimId;
  authorized?: Authorized;
  /** What a client pushed, and until when a browser may bring it. */
  pushed?: Omit<AuthorizationRequest, 'at' | 'pushed'>;
  until?: Instant;
}>;

type Made = Readonly<{
  tenant: TenantId;
  kind: SingleUseKind;
  /** Whom it is for: a user id, an invitation id. */
  subject: string;
  payload: SingleUsePayload;
  /** The payload dies with the subject's person key, or with the tenant. */
  sealedFor: 'person' | 'tenant';
  /** When all of it ends; a code ends no later. */
  expiresAt: Instant;
  at: Instant;
  /** Id of the event that asked for it; putting it again changes nothing. */
  eventId: string;
  keepOlder?: boolean;
}>;

/** A short code a person can type, sent beside the token or alone; at most `maxTries` wrong ones are answered. */
export type TypedCode = Readonly<{ code: string; codeExpiresAt: Instant; maxTries: number }>;

/**
 * `token` carries at least 160 bits. `keepOlder`: the tokens of open ones of the same kind and subject stay, their codes
 * end: a guess must never be tried on two.
 */
export type NewSingleUse = Made &
  (
    | (Readonly<{ token: string }> & Partial<Record<keyof TypedCode, never>>)
    | (Readonly<{ token?: string }> & TypedCode)
  );

/** Whoever presents a code says for whom; a token says it itself. */
export type Presented = Readonly<{ tenant: TenantId; kind: SingleUseKind; commandId: string; at: Instant }> &
  Readonly<{ token: string } | { subject: string; code: string }>;

/** `wrong-code` also when there is nothing to compare with: no code, ended, used, or out of tries. */
export type SingleUseRefusal = 'unknown-token' | 'token-expired' | 'token-used' | 'token-revoked' | 'wrong-code';

/** A refused token that was good once says for whom. */
export type Consumed =
  | Readonly<{ consumed: true; eventId: string; subject: string; payload: SingleUsePayload }>
  | Readonly<{ consumed: false; refusal: SingleUseRefusal; triesLeft?: number; subject?: string }>;

export type Peeked = Readonly<{ eventId: string; subject: string; payload: SingleUsePayload; expiresAt: Instant }>;

/**
 * Links and codes that work once: stored as hashes, consumed by one conditional update. Exactly one command wins; that
 * same command may consume again, so that its retry after a crash completes. A kind never answers for another.
 */
export abstract class SingleUse {
  /**
   * @throws KeyMissing where the subject's key was destroyed, RangeError for a token of less than 160 bits or a code
   * that outlives it
   */
  abstract put(artefact: NewSingleUse): Promise<void>;
  /** A wrong code costs a try, and the last try ends the code (not the token beside it, which cannot be guessed). */
  abstract consume(presented: Presented): Promise<Consumed>;
  /** What a code stands for, without spending it; a wrong one costs a try. */
  abstract prove(presented: Extract<Presented, { code: string }>): Promise<Peeked | undefined>;
  /** What an open token stands for, without consuming it: for pages that a mail scanner may fetch. */
  abstract peek(tenant: TenantId, kind: SingleUseKind, token: string, at: Instant): Promise<Peeked | undefined>;
  /** Ends the open ones of a subject, of one kind or of all. */
  abstract revoke(tenant: TenantId, subject: string, at: Instant, kind?: SingleUseKind): Promise<void>;
  /**
   * Ends every open one of every tenant: a restored database does not know what was consumed since its backup. Returns
   * how many.
   */
  abstract invalidateAll(at: Instant): Promise<number>;
  /** Deletes what ended before `before`; returns how many. */
  abstract expire(before: Instant): Promise<number>;
}
