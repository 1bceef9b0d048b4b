import type { Identifier, Profile, UserEvent } from '../../../src/domain/user/events.js';
import type { Existing, Pending } from '../../../src/domain/user/state.js';
import { type ClaimId, personal, type UserId } from '../../../src/domain/values.js';
import { after, start } from '../../support/moments.js';

/* Ada's story: what may have happened to her account, to be told in any order. */
export const ada = 'ada' as UserId;
export const at = after(600);
export const about = { user: ada, at };

export const claimOf = (name: string): ClaimId => name as ClaimId;
export const named = (kind: Identifier['kind'], name: string, verified = false): Identifier => ({
  kind,
  value: personal(ada, name),
  claim: claimOf(`${kind}.${name}`),
  verified,
});
export const proved = (identifier: Identifier): Identifier => ({ ...identifier, verified: true });
/** A value that waits, asked for with the first password. */
export const asked = ({ verified: _, ...identifier }: Identifier, user = 0): Pending => ({
  ...identifier,
  under: { user, credentials: 1 },
});

export const email = named('email', 'ada@example.org');
export const newEmail = named('email', 'ada@example.net');
export const phone = named('phone', '+4930123456');
export const username = named('username', 'ada', true);
export const profile = personal<Profile>(ada, { firstName: 'Ada', attributes: { team: 'engines', floor: 2 } });

const newcomer = { user: ada, identifiers: [email], profile, locale: 'en', administrator: false, at: start };

export const registered: UserEvent = { type: 'user.registered', ...newcomer, by: 'self' };
export const registeredWith = (...identifiers: readonly Identifier[]): UserEvent => ({
  type: 'user.registered',
  ...newcomer,
  identifiers,
  by: 'self',
});
export const invited: UserEvent = { type: 'user.invited', ...newcomer };
export const accepted: UserEvent = { type: 'user.invitation-accepted', ...about };
export const abandoned: UserEvent = { type: 'user.abandoned', ...about };
export const suspended: UserEvent = { type: 'user.suspended', ...about, reason: personal(ada, 'fraud') };
export const reactivated: UserEvent = { type: 'user.reactivated', ...about };
export const deactivated: UserEvent = { type: 'user.deactivated', ...about, by: 'self' };
export const undeleted: UserEvent = { type: 'user.undeleted', ...about };
export const erased: UserEvent = { type: 'user.erased', ...about };
export const appointed: UserEvent = { type: 'user.administrator-appointed', ...about };
export const verified = ({ kind, claim }: Identifier): UserEvent => ({
  type: 'user.identifier-verified',
  ...about,
  kind,
  claim,
});
export const changeRequested = (identifier: Identifier): UserEvent => ({
  type: 'user.identifier-change-requested',
  ...about,
  kind: identifier.kind,
  value: identifier.value,
  claim: identifier.claim,
  credentials: 1,
});
export const changed = (identifier: Identifier, previous?: Identifier): UserEvent => ({
  type: 'user.identifier-changed',
  ...about,
  ...identifier,
  ...(previous && { previous }),
});

const hasProof = ({ identifiers = [] }: Partial<Existing>): boolean =>
  identifiers.some(({ kind, verified }) => verified && kind !== 'username');

/** The account right after registration, with what has changed since. */
export const account = (since: Partial<Existing> = {}): Existing => ({
  status: 'active',
  identifiers: [email],
  pending: [],
  profile,
  locale: 'en',
  administrator: false,
  accepted: true,
  established: (since.invitations ?? 0) > 0 || hasProof(since),
  invitations: 0,
  epoch: 0,
  registeredAt: start,
  ...since,
});

/** Streams without an account: never made, abandoned before it was, erased. */
export const nobody: readonly (readonly UserEvent[])[] = [[], [abandoned], [registered, erased]];
