import { accept, type Decision, type Message, reject } from '../decider.js';
import type { IdentifierKind } from '../tenant/settings.js';
import type { ClaimId, Instant, UserId } from '../values.js';
import type { UserEvent } from './events.js';
import type { UserRejection } from './rejections.js';
import { exists, identifierOf, type User, waitingOf } from './state.js';

export type VerificationCommand =
  /** `claim` names the address that is meant. */
  | Message<'RequestVerification', { user: UserId; kind: IdentifierKind; claim?: ClaimId; at: Instant }>
  | Message<'ConfirmIdentifier', { user: UserId; kind: IdentifierKind; claim: ClaimId; at: Instant }>;

type Decided = Decision<UserEvent, UserRejection>;
type Case<Type extends VerificationCommand['type']> = (
  state: User,
  command: Extract<VerificationCommand, { type: Type }>,
) => Decided;

/** Where none is named, a value that waits to replace another is verified before the one in force. */
export const requestVerification: Case<'RequestVerification'> = (state, { user, kind, claim, at }) => {
  if (!exists(state)) return reject('no-such-user');
  const isMeant = (one: { claim: ClaimId } | undefined): boolean => claim === undefined || one?.claim === claim;
  const waiting = waitingOf(state, kind);
  if (waiting && isMeant(waiting)) {
    const { under, ...value } = waiting;
    // Still under the password that was proved for it: being signed in proves none.
    const { credentials } = under;
    return accept({ type: 'user.identifier-change-requested', user, at, ...value, credentials });
  }
  const identifier = identifierOf(state, kind);
  if (!identifier || !isMeant(identifier) || kind === 'username') return reject('nothing-to-verify');
  if (identifier.verified) return reject('already-verified');

  return accept({ type: 'user.verification-requested', user, kind, claim: identifier.claim, at });
};

/** The proof names the claim it was sent for, so that a proof of an address given up since proves nothing. */
export const confirmIdentifier: Case<'ConfirmIdentifier'> = (state, { user, kind, claim, at }) => {
  if (!exists(state)) return reject('no-such-user');
  const waiting = state.pending.find((one) => one.claim === claim && one.kind === kind);
  const identifier = identifierOf(state, kind);
  if (waiting) {
    return accept({
      type: 'user.identifier-changed',
      user,
      at,
      kind,
      value: waiting.value,
      claim,
      verified: true,
      ...(identifier && { previous: identifier }),
    });
  }
  if (identifier?.claim !== claim) return reject('nothing-to-verify');
  if (identifier.verified) return accept();

  return accept({ type: 'user.identifier-verified', user, kind, claim, at });
};
