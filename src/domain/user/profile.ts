import { accept, type Decision, type Message, reject } from '../decider.js';
import { sameJson } from '../json.js';
import type { IdentifierKind } from '../tenant/settings.js';
import type { ClaimId, Instant, Personal, UserId } from '../values.js';
import type { Profile, UserEvent } from './events.js';
import type { UserRejection } from './rejections.js';
import { exists, identifierOf, type User, waitingOf } from './state.js';

export type ProfileCommand =
  | Message<'ChangeProfile', { user: UserId; profile: Personal<Profile>; locale: string; at: Instant }>
  | Message<
      'ChangeIdentifier',
      {
        user: UserId;
        kind: IdentifierKind;
        value: Personal<string>;
        claim: ClaimId;
        verified: boolean;
        /** Epoch of the password that was proved for it. */
        credentials: number;
        at: Instant;
      }
    >
  /** An administrator corrects what a person signs in with. */
  | Message<
      'AssignIdentifier',
      { user: UserId; kind: IdentifierKind; value: Personal<string>; claim: ClaimId; verified: boolean; at: Instant }
    >
  | Message<'RemoveIdentifier', { user: UserId; kind: IdentifierKind; required: boolean; at: Instant }>;

type Decided = Decision<UserEvent, UserRejection>;
type Case<Type extends ProfileCommand['type']> = (
  state: User,
  command: Extract<ProfileCommand, { type: Type }>,
) => Decided;

export const changeProfile: Case<'ChangeProfile'> = (state, { user, profile, locale, at }) => {
  if (!exists(state)) return reject('no-such-user');
  if (state.locale === locale && sameJson(state.profile.value, profile.value)) return accept();

  return accept({ type: 'user.profile-changed', user, profile, locale, at });
};

/**
 * An address waits for its proof before it replaces the old one; a user name has nothing to prove. Whoever asks for the
 * one in force takes back what waits to replace it.
 */
export const changeIdentifier: Case<'ChangeIdentifier'> = (state, command) => {
  const { user, kind, value, claim, verified, credentials, at } = command;
  if (!exists(state)) return reject('no-such-user');
  const present = identifierOf(state, kind);
  if (present?.claim === claim && present.value.value === value.value) {
    if (!waitingOf(state, kind) && (present.verified || !verified)) return accept();

    return accept({ type: 'user.identifier-changed', user, ...present, verified: present.verified || verified, at });
  }
  if (kind !== 'username' && !verified) {
    return accept({ type: 'user.identifier-change-requested', user, kind, value, claim, credentials, at });
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

/**
 * In force at once: what is corrected may be the mailbox of a stranger, who must not get the account back by it meanwhile. Somebody who is
 * still invited is invited at the new address, and proves it by accepting.
 */
export const assignIdentifier: Case<'AssignIdentifier'> = (state, { type: _, ...assigned }) => {
  if (!exists(state)) return reject('no-such-user');
  const { user, kind, value, claim, at } = assigned;
  const present = identifierOf(state, kind);
  const respelt = present?.claim === claim;
  const verified = assigned.verified || (respelt && present.verified);
  if (respelt && present.value.value === value.value) {
    if (!waitingOf(state, kind) && present.verified === verified) return accept();

    return accept({ type: 'user.identifier-changed', user, ...present, verified, at });
  }
  const previous = present && { previous: present };
  const changed: UserEvent = { type: 'user.identifier-changed', ...assigned, verified, ...previous };
  if (kind === 'username') return accept(changed);
  if (state.status === 'invited') return accept<UserEvent>(changed, { type: 'user.invitation-repeated', user, at });
  if (verified) return accept(changed);

  return accept<UserEvent>(changed, { type: 'user.verification-requested', user, kind, claim, at });
};

export const removeIdentifier: Case<'RemoveIdentifier'> = (state, { user, kind, required, at }) => {
  if (!exists(state)) return reject('no-such-user');
  const present = identifierOf(state, kind);
  const waiting = waitingOf(state, kind);
  if (present && (required || state.identifiers.length < 2)) return reject('identifier-required');
  const removed = present ?? (waiting && { kind, value: waiting.value, claim: waiting.claim, verified: false });
  if (!removed) return accept();

  return accept({ type: 'user.identifier-removed', user, at, ...removed });
};
