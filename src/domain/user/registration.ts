import { accept, type Decision, type Message, reject } from '../decider.js';
import type { IdentifierKind } from '../tenant/settings.js';
import type { Instant, Personal, UserId } from '../values.js';
import type { Identifier, Profile, UserEvent } from './events.js';
import type { UserRejection } from './rejections.js';
import { exists, type User } from './state.js';

type Newcomer = {
  user: UserId;
  identifiers: readonly Identifier[];
  profile: Personal<Profile>;
  locale: string;
  administrator: boolean;
  at: Instant;
};

export type RegistrationCommand =
  | Message<'RegisterUser', Newcomer & { by: 'self' | 'administrator' | 'setup' }>
  | Message<'InviteUser', Newcomer>
  | Message<'RepeatInvitation', { user: UserId; at: Instant }>
  | Message<'AcceptInvitation', { user: UserId; at: Instant }>
  | Message<'AbandonUser', { user: UserId; at: Instant }>
  | Message<'NoteRepeatedRegistration', { user: UserId; kind: IdentifierKind; at: Instant }>;

type Decided = Decision<UserEvent, UserRejection>;
type Case<Type extends RegistrationCommand['type']> = (
  state: User,
  command: Extract<RegistrationCommand, { type: Type }>,
) => Decided;

/** Every unverified address is asked to prove itself as part of the same decision. */
const verificationRequests = ({ user, identifiers, at }: Newcomer): readonly UserEvent[] =>
  identifiers
    .filter(({ kind, verified }) => kind !== 'username' && !verified)
    .map(({ kind, claim }) => ({ type: 'user.verification-requested', user, kind, claim, at }));

export const registerUser: Case<'RegisterUser'> = (state, { type: _, ...newcomer }) => {
  if (state.status !== 'none') return reject('user-exists');

  return accept<UserEvent>({ type: 'user.registered', ...newcomer }, ...verificationRequests(newcomer));
};

export const inviteUser: Case<'InviteUser'> = (state, { type: _, ...newcomer }) => {
  if (state.status !== 'none') return reject('user-exists');

  return accept({ type: 'user.invited', ...newcomer });
};

export const repeatInvitation: Case<'RepeatInvitation'> = (state, { user, at }) => {
  if (state.status !== 'invited') return reject('not-invited');

  return accept({ type: 'user.invitation-repeated', user, at });
};

export const acceptInvitation: Case<'AcceptInvitation'> = (state, { user, at }) => {
  if (state.status !== 'invited') return reject('not-invited');

  return accept({ type: 'user.invitation-accepted', user, at });
};

/** Only an account that never came into being can be abandoned; from then on the slow command that wanted it conflicts. */
export const abandonUser: Case<'AbandonUser'> = (state, { user, at }) => {
  if (state.status === 'abandoned') return accept();
  if (state.status !== 'none') return reject('user-exists');

  return accept({ type: 'user.abandoned', user, at });
};

export const noteRepeatedRegistration: Case<'NoteRepeatedRegistration'> = (state, { user, kind, at }) => {
  if (!exists(state)) return accept();

  return accept({ type: 'user.registration-repeated', user, kind, at });
};
