import type { Lock } from '../../domain/lockout/lockout-policy.js';
import type { LockoutPolicy } from '../../domain/tenant/settings.js';
import type { ClaimId, DeviceId, Instant, TenantId, UserId } from '../../domain/values.js';

/**
 * Whose tries are counted: an account, or the keyed hash of an identifier that belongs to nobody, which behaves the
 * same.
 */
export type AttemptAccount = Readonly<{ kind: 'user'; id: UserId } | { kind: 'nobody'; id: ClaimId }>;

/** Counted apart, so that wrong codes do not lock the password and the other way round. */
export type Authenticator = 'password' | 'totp' | 'recovery-code' | 'email-code' | 'sms-code';

/**
 * Where a try comes from. Only a device that proved itself by an earlier success of this account has a class of its
 * own; all other sources of the world share one, so that no attacker multiplies tries by addresses, agents or fresh
 * cookies.
 */
export type AttemptSource = 'unknown' | `device:${DeviceId}`;

export type Slot = Readonly<{
  tenant: TenantId;
  account: AttemptAccount;
  authenticator: Authenticator;
  source: AttemptSource;
}>;

/**
 * `failuresBefore`: failures in the window before this try. `lockIfWrong`: what a failure of this try means for the
 * next one. A refusal without `retryAt` lasts until the account is cleared.
 */
export type Reservation =
  | Readonly<{ granted: true; failuresBefore: number; lockIfWrong: Lock }>
  | Readonly<{ granted: false; failures: number; retryAt?: Instant; disabled: boolean }>;

export type SlotStatus = Readonly<{
  authenticator: Authenticator;
  source: AttemptSource;
  /** Failures in the window that ended with the last try. */
  failures: number;
  /** Failures since the last success. */
  consecutive: number;
  lastTryAt: Instant;
  /** In force at the time asked about. */
  lock: Lock;
}>;

/** The failures of one slot since its last success, oldest first, as the log has them. */
export type RestoredSlot = Slot & Readonly<{ failures: readonly Instant[] }>;

/**
 * Counts tries before they are verified: no slot, no verification. Every try is granted or refused, and the granted
 * ones count as failures until {@link succeeded} says otherwise, so the number verified is exact however many arrive at
 * once on however many instances. Nothing is forgotten because it is old, whoever it is about: an account's failures
 * count until a success (NIST SP 800-63B-4 section 3.2.2), and those of nobody must not be told from them (VC-11).
 */
export abstract class Attempts {
  abstract reserve(slot: Slot, policy: LockoutPolicy, at: Instant): Promise<Reservation>;
  /** The try was right: the slot's failures are forgotten. Other sources and authenticators keep theirs. */
  abstract succeeded(slot: Slot): Promise<void>;
  /** The try granted at `at` was never verified (the service was busy): it no longer counts. To be called once. */
  abstract unverified(slot: Slot, at: Instant): Promise<void>;
  /** An administrator unlocks, a reset proves the person, an account ends: all slots of the account go. */
  abstract clear(tenant: TenantId, account: AttemptAccount): Promise<void>;
  abstract status(
    tenant: TenantId,
    account: AttemptAccount,
    policy: LockoutPolicy,
    at: Instant,
  ): Promise<readonly SlotStatus[]>;
  /**
   * Replaces every slot of every account by what the log says, in one transaction; for a database that came from a
   * backup.
   */
  abstract restore(slots: AsyncIterable<RestoredSlot> | Iterable<RestoredSlot>): Promise<void>;
}
