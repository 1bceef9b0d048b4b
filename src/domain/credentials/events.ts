import type { Catalogue, Message } from '../decider.js';
import type { CredentialId, Instant, Secret, UserId } from '../values.js';
import type { Verifier } from './verifier.js';

type About<Data extends object = object> = { user: UserId; at: Instant } & Data;
/** The verifier is sealed under a key of its own that dies when the password is replaced. */
type NewPassword = { credential: CredentialId; verifier: Secret<Verifier>; policyRevision: number };

/** `restored`: a backup brought back a password that had been replaced. */
export type ChangeReason = 'administrator' | 'compromised' | 'policy' | 'restored';

/* These names are stored for ever. */
export type CredentialsEvent =
  | Message<'credentials.password-set', About<NewPassword>>
  | Message<'credentials.password-changed', About<NewPassword>>
  | Message<'credentials.password-check-failed', About>
  | Message<'credentials.password-rehashed', About<Omit<NewPassword, 'policyRevision'>>>
  | Message<'credentials.password-reset-requested', About>
  | Message<'credentials.password-reset', About<NewPassword>>
  | Message<'credentials.password-change-required', About<{ reason: ChangeReason }>>
  | Message<'credentials.password-removed', About>;

export const credentialsEvents: Catalogue<CredentialsEvent> = {
  'credentials.password-set': { version: 1, retention: 'account' },
  'credentials.password-changed': { version: 1, retention: 'account' },
  'credentials.password-check-failed': { version: 1, retention: 'security' },
  'credentials.password-rehashed': { version: 1, retention: 'account' },
  'credentials.password-reset-requested': { version: 1, retention: 'security' },
  'credentials.password-reset': { version: 1, retention: 'account' },
  'credentials.password-change-required': { version: 1, retention: 'account' },
  'credentials.password-removed': { version: 1, retention: 'account' },
};
