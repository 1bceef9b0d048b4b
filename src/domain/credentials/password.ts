import { accept, type Decision, type Message, reject } from '../decider.js';
import type { CredentialId, Instant, Secret, UserId } from '../values.js';
import type { ChangeReason, CredentialsEvent } from './events.js';
import type { Credentials } from './state.js';
import type { Verifier } from './verifier.js';

/* Slow, secret or impure things arrive as facts: whether a password matched, a new verifier, the time. */
type NewPassword = {
  user: UserId;
  credential: CredentialId;
  verifier: Secret<Verifier>;
  policyRevision: number;
  at: Instant;
};

export type PasswordCommand =
  | Message<'SetPassword', NewPassword>
  | Message<'ChangePassword', NewPassword & { currentMatches: boolean }>
  | Message<'NoteFailedCheck', { user: UserId; at: Instant }>
  /** `epoch`: of the credentials that the proof was made for. */
  | Message<'ResetPassword', NewPassword & { epoch: number }>
  | Message<'RequestPasswordReset', { user: UserId; at: Instant }>
  /** `replaces` is the credential whose password was just proved. */
  | Message<
      'RehashPassword',
      { user: UserId; credential: CredentialId; verifier: Secret<Verifier>; replaces: CredentialId; at: Instant }
    >
  | Message<'RequirePasswordChange', { user: UserId; reason: ChangeReason; at: Instant }>
  | Message<'RemovePassword', { user: UserId; at: Instant }>;

export type CredentialsRejection = 'no-password' | 'password-exists' | 'proof-outdated' | 'wrong-password';

type Decided = Decision<CredentialsEvent, CredentialsRejection>;
type Case<Type extends PasswordCommand['type']> = (
  state: Credentials,
  command: Extract<PasswordCommand, { type: Type }>,
) => Decided;

export const setPassword: Case<'SetPassword'> = (state, { type: _, ...password }) => {
  if (state.password) return reject('password-exists');

  return accept({ type: 'credentials.password-set', ...password });
};

export const changePassword: Case<'ChangePassword'> = (state, { type: _, currentMatches, ...password }) => {
  if (!state.password) return reject('no-password');
  if (!currentMatches) {
    return reject('wrong-password', {
      type: 'credentials.password-check-failed',
      user: password.user,
      at: password.at,
    });
  }

  return accept({ type: 'credentials.password-changed', ...password });
};

/** A signed-in person was asked for the password and typed another. */
export const noteFailedCheck: Case<'NoteFailedCheck'> = (state, { user, at }) => {
  if (!state.password) return reject('no-password');

  return reject('wrong-password', { type: 'credentials.password-check-failed', user, at });
};

/** A proof made for credentials that were replaced since is worth nothing. */
export const resetPassword: Case<'ResetPassword'> = (state, { type: _, epoch, ...password }) => {
  if (epoch !== state.epoch) return reject('proof-outdated');

  return accept({ type: 'credentials.password-reset', ...password });
};

export const requestPasswordReset: Case<'RequestPasswordReset'> = (_, { user, at }) =>
  accept({ type: 'credentials.password-reset-requested', user, at });

/** A password changed since it was proved is left alone. */
export const rehashPassword: Case<'RehashPassword'> = (state, { user, credential, verifier, replaces, at }) => {
  if (state.password?.credential !== replaces) return accept();

  return accept({ type: 'credentials.password-rehashed', user, credential, verifier, at });
};

export const requirePasswordChange: Case<'RequirePasswordChange'> = (state, { user, reason, at }) => {
  if (!state.password) return reject('no-password');
  if (state.password.changeRequired) return accept();

  return accept({ type: 'credentials.password-change-required', user, reason, at });
};

export const removePassword: Case<'RemovePassword'> = (state, { user, at }) => {
  if (!state.password) return accept();

  return accept({ type: 'credentials.password-removed', user, at });
};
