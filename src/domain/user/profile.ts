import { accept, type Decision, type Message, reject } from '../decider.js';
import type { IdentifierKind } from '../tenant/settings.js';
import type { ClaimId, Instant, Personal, UserId } from '../values.js';
import type { Profile, UserEvent } from './events.js';
import type { UserRejection } from './rejections.js';
import { exists, identifierOf, type User } from './state.js';

export type ProfileCommand =
  | Message<'ChangeProfile', { user: UserId; profile: Personal<Profile>; locale: string; at: Instant }>
  | Message<
      'ChangeIdentifier',
      { user: UserId; kind: IdentifierKind; value: Personal<string>; claim: ClaimId; verified: boolean; at: Instant }
    >
  | Message<'RemoveIdentifier', { user: UserId; kind: IdentifierKind; required: boolean; at: Instant }>;

type Decided = Decision<UserEvent, UserRejection>;
type Case<Type extends ProfileCommand['type']> = (
  state: User,
  command: Extract<ProfileCommand, { type: Type }>,
) => Decided;

const sameJson = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

export const changeProfile: Case<'ChangeProfile'> = (state, { user, profile, locale, at }) => {
  if (!exists(state)) return reject('no-such-user');
  if (state.locale === locale && sameJson(state.profile.value, profile.value)) return accept();

  return accept({ type: 'user.profile-changed', user, profile, locale, at });
};

/** An address waits for its proof before it replaces the old one; a user name has nothing to prove. */
export const changeIdentifier: Case<'ChangeIdentifier'> = (state, { user, kind, value, claim, verified, at }) => {
  if (!exists(state)) return reject('no-such-user');
  const present = identifierOf(state, kind);
  if (present?.claim === claim && present.value.value === value.value) return accept();
  if (kind !== 'username' && !verified) {
    return accept({ type: 'user.identifier-change-requested', user, kind, value, claim, at });
  }

  return accept({
    type: 'user.identifier-changed',
    user,
    kind,
    value,
    claim,
    verified,
    ...(present && { previous: present }),
    at,
  });
};

export const removeIdentifier: Case<'RemoveIdentifier'> = (state, { user, kind, required, at }) => {
  if (!exists(state)) return reject('no-such-user');
  const present = identifierOf(state, kind) ?? state.pending.find((one) => one.kind === kind);
  if (!present) return accept();
  if (required || state.identifiers.length < 2) return reject('identifier-required');

  return accept({ type: 'user.identifier-removed', user, kind, claim: present.claim, at });
};
