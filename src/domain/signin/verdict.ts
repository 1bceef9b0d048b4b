import { checkPassword, isPasswordTooOld } from '../credentials/password-policy.js';
import type { Password } from '../credentials/state.js';
import type { IdentifierKind, Settings } from '../tenant/settings.js';
import { type Existing, identifierOf, isUnproved, type User } from '../user/state.js';
import type { Instant } from '../values.js';
import type { RefusalReason } from './signin.js';

/** What a person still has to do after the first proof. `second-factor` and `captcha` are asked for where a tenant's policy wants them. */
export type NextStep = 'verify-email' | 'verify-phone' | 'change-password' | 'second-factor' | 'captcha';

const bars: Readonly<Record<User['status'], RefusalReason | undefined>> = {
  active: undefined,
  suspended: 'suspended',
  deactivated: 'deactivated',
  none: 'not-accepted',
  invited: 'not-accepted',
  abandoned: 'not-accepted',
  erased: 'not-accepted',
};

/** Why an account may not sign in whatever it proves. */
export const barredBy = (settings: Settings, state: Existing): RefusalReason | undefined =>
  bars[state.status] ?? (isHidden(settings, state) ? 'not-verified' : undefined);

/** Whether sign-in must treat it like nobody. */
export const isHidden = ({ verification }: Settings, state: Existing): boolean =>
  verification.requiredToSignIn && isUnproved(state);

/** Everything that decides what follows a right password. */
export type Proved = Readonly<{
  settings: Settings;
  /** Number of changes of the settings so far. */
  policyRevision: number;
  account: Existing;
  password: Password;
  /** As typed, to see whether a policy that changed since still accepts it. */
  typed: string;
  identifier: IdentifierKind | 'unknown';
  at: Instant;
}>;

/** Undefined where nothing is left to do. */
export function nextStep(proved: Proved): NextStep | undefined {
  const { settings, account, password, at } = proved;
  if (password.changeRequired || isPasswordTooOld(settings.password, password.setAt, at) || isOutgrown(proved)) {
    return 'change-password';
  }
  return settings.verification.requiredToSignIn ? unverified(account, proved.identifier) : undefined;
}

/** The address that was used, or the one that stands for a user name, must be known to be the person's. */
export function unverified(account: Existing, identifier: IdentifierKind | 'unknown'): NextStep | undefined {
  const used =
    identifier === 'unknown' || identifier === 'username'
      ? (identifierOf(account, 'email') ?? identifierOf(account, 'phone'))
      : identifierOf(account, identifier);
  if (!used || used.verified) return undefined;

  return used.kind === 'phone' ? 'verify-phone' : 'verify-email';
}

function isOutgrown({ settings, policyRevision, password, typed }: Proved): boolean {
  if (settings.password.appliesAt !== 'sign-in' || password.policyRevision >= policyRevision) return false;
  return checkPassword(settings.password, typed, { words: [] }, { blocked: false, score: 4, reused: false }).length > 0;
}
