import { type Aggregate, accept, type Catalogue, type Decision, type Message, reject } from '../decider.js';
import type { IdentifierKind } from '../tenant/settings.js';
import type { AttemptId, ClientId, DeviceId, Instant, SessionId, Trace, UserId } from '../values.js';

/** Where an attempt came from; sealed under the month's key of the tenant. */
export type Origin = Readonly<{
  ip: string;
  userAgent: string;
  browser?: string;
  operatingSystem?: string;
  device?: 'desktop' | 'mobile' | 'tablet' | 'bot' | 'other';
  place?: string;
}>;

export type FailureReason = 'wrong-password' | 'unknown-identifier' | 'no-password';
export type RefusalReason =
  | 'locked'
  | 'authenticator-disabled'
  | 'suspended'
  | 'deactivated'
  | 'not-verified'
  | 'not-accepted'
  | 'tenant-suspended'
  | 'password-change-required';

/** Every input of the verdict is in the event, so that it can be derived again. `account` is the user, or a keyed hash where there is none. */
type Attempt<Data extends object = object> = {
  attempt: AttemptId;
  account: string;
  method: 'password';
  identifier: IdentifierKind | 'unknown';
  client: ClientId;
  origin: Trace<Origin>;
  /** A device that proved itself before; its failures are counted apart. */
  device?: DeviceId;
  /** Failures counted when this attempt was admitted. */
  failuresBefore: number;
  policyRevision: number;
  at: Instant;
} & Data;

/* One stream per attempt: attempts have no invariant among themselves and must not wait for one another. Names are stored for ever. */
export type SignInEvent =
  | Message<'signin.succeeded', Attempt<{ user: UserId; session: SessionId; factors: readonly string[] }>>
  | Message<'signin.failed', Attempt<{ user?: UserId; reason: FailureReason }>>
  | Message<'signin.refused', Attempt<{ user?: UserId; reason: RefusalReason; retryAt?: Instant }>>;

export type SignIn = Readonly<{ status: 'none' | 'recorded' }>;

export type SignInCommand = Message<'RecordSignIn', { outcome: SignInEvent }>;

const events: Catalogue<SignInEvent> = {
  'signin.succeeded': { version: 1, retention: 'security' },
  'signin.failed': { version: 1, retention: 'security' },
  'signin.refused': { version: 1, retention: 'security' },
};

const recorded = (): SignIn => ({ status: 'recorded' });

export const signIn: Aggregate<SignIn, SignInCommand, SignInEvent, 'attempt-recorded'> = {
  category: 'signin',
  schema: 1,
  initial: { status: 'none' },
  events,
  decide: {
    RecordSignIn: (state, { outcome }): Decision<SignInEvent, 'attempt-recorded'> =>
      state.status === 'recorded' ? reject('attempt-recorded') : accept<SignInEvent>(outcome),
  },
  evolve: { 'signin.succeeded': recorded, 'signin.failed': recorded, 'signin.refused': recorded },
};
