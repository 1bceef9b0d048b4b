import type { Cases } from '../decider.js';
import type { IdentifierKind } from '../tenant/settings.js';
import type { ClaimId, Instant, Personal } from '../values.js';
import type { Identifier, Profile, UserEvent } from './events.js';

/** `under`: the epochs under which it was asked for. */
export type Pending = Readonly<{
  kind: IdentifierKind;
  value: Personal<string>;
  claim: ClaimId;
  under: Readonly<{ user: number; credentials: number }>;
}>;

export type Account = Readonly<{
  identifiers: readonly Identifier[];
  pending: readonly Pending[];
  profile: Personal<Profile>;
  locale: string;
  administrator: boolean;
  /** False until an invitation is accepted, through a deactivation too. */
  accepted: boolean;
  /** Somebody vouched for it: an administrator made it, or an address was proved once. */
  established: boolean;
  /** How often the person was invited; only the newest invitation is good. */
  invitations: number;
  /** Why it was suspended; stays until it is reactivated, through a deactivation too. */
  suspension?: Personal<string>;
  /** Raised whenever every session, grant and token of the person must end. */
  epoch: number;
  registeredAt: Instant;
}>;

export type AccountStatus = 'invited' | 'active' | 'suspended' | 'deactivated';

export type User =
  | Readonly<{ status: 'none' }>
  | Readonly<{ status: 'abandoned' }>
  | (Account & Readonly<{ status: AccountStatus }>)
  | Readonly<{ status: 'erased'; epoch: number; released: readonly ClaimId[] }>;

export type Existing = Extract<User, { status: AccountStatus }>;

export const exists = (state: User): state is Existing =>
  state.status !== 'none' && state.status !== 'abandoned' && state.status !== 'erased';

/**
 * Whether an address is there whose owner may know nothing of the account: strangers register what is not theirs. Where a tenant wants
 * proof before anybody signs in, such an account is to strangers what nobody is (VC-11).
 */
export const isUnproved = (state: Account): boolean =>
  !state.established && state.identifiers.some(({ kind, verified }) => kind !== 'username' && !verified);

export const isActiveAdministrator = (state: User): boolean => state.status === 'active' && state.administrator;

export const identifierOf = (state: Account, kind: IdentifierKind): Identifier | undefined =>
  state.identifiers.find((identifier) => identifier.kind === kind);

/** The value that waits for its proof. */
export const waitingOf = (state: Account, kind: IdentifierKind): Pending | undefined =>
  state.pending.find((one) => one.kind === kind);

/** Events after the end of an account change nothing. */
const change =
  <Event>(next: (state: Existing, event: Event) => User) =>
  (state: User, event: Event): User =>
    exists(state) ? next(state, event) : state;

/** User names need no proof and prove nothing. */
const proves = ({ kind, verified }: Pick<Identifier, 'kind' | 'verified'>): boolean => verified && kind !== 'username';

const raised = (state: Existing): { epoch: number } => ({ epoch: state.epoch + 1 });

export const evolve: Cases<UserEvent, User, User> = {
  'user.registered': (_, { identifiers, profile, locale, administrator, by, at }) => ({
    status: 'active',
    identifiers,
    pending: [],
    profile,
    locale,
    administrator,
    accepted: true,
    established: by !== 'self' || identifiers.some(proves),
    invitations: 0,
    epoch: 0,
    registeredAt: at,
  }),
  'user.invited': (_, { identifiers, profile, locale, administrator, at }) => ({
    status: 'invited',
    identifiers,
    pending: [],
    profile,
    locale,
    administrator,
    accepted: false,
    established: true,
    invitations: 1,
    epoch: 0,
    registeredAt: at,
  }),
  'user.invitation-repeated': change((state) => ({
    ...state,
    status: 'invited',
    invitations: state.invitations + 1,
  })),
  'user.invitation-accepted': change((state) => ({
    ...state,
    status: 'active',
    accepted: true,
    identifiers: state.identifiers.map((one) => (one.kind === 'email' ? { ...one, verified: true } : one)),
  })),
  'user.abandoned': () => ({ status: 'abandoned' }),
  'user.registration-repeated': (state) => state,
  'user.verification-requested': (state) => state,
  'user.identifier-verified': change((state, { claim }) => ({
    ...state,
    established: true,
    identifiers: state.identifiers.map((one) => (one.claim === claim ? { ...one, verified: true } : one)),
  })),
  'user.identifier-change-requested': change((state, { kind, value, claim, credentials }) => ({
    ...state,
    pending: [
      ...state.pending.filter((one) => one.kind !== kind),
      { kind, value, claim, under: { user: state.epoch, credentials } },
    ],
  })),
  'user.identifier-changed': change((state, { kind, value, claim, verified }) => ({
    ...state,
    established: state.established || proves({ kind, verified }),
    identifiers: [...state.identifiers.filter((one) => one.kind !== kind), { kind, value, claim, verified }],
    pending: state.pending.filter((one) => one.kind !== kind),
  })),
  'user.identifier-removed': change((state, { kind }) => ({
    ...state,
    identifiers: state.identifiers.filter((one) => one.kind !== kind),
    pending: state.pending.filter((one) => one.kind !== kind),
  })),
  'user.profile-changed': change((state, { profile, locale }) => ({ ...state, profile, locale })),
  'user.administrator-appointed': change((state) => ({ ...state, administrator: true })),
  'user.administrator-dismissed': change((state) => ({ ...state, administrator: false })),
  'user.departure-abandoned': (state) => state,
  'user.suspended': change((state, { reason }) => ({
    ...state,
    ...raised(state),
    status: 'suspended',
    suspension: reason,
  })),
  'user.reactivated': change(({ suspension: _, ...state }) => ({ ...state, status: 'active' })),
  'user.deactivated': change((state) => ({ ...state, ...raised(state), status: 'deactivated' })),
  'user.undeleted': change((state) => ({ ...state, status: 'active' })),
  'user.sessions-revoked': change((state) => ({ ...state, ...raised(state) })),
  'user.erased': change((state) => ({
    status: 'erased',
    ...raised(state),
    released: [...new Set([...state.identifiers, ...state.pending].map((one) => one.claim))],
  })),
};
