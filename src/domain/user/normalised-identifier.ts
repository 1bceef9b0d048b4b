import type { IdentifierKind } from '../tenant/settings.js';

/**
 * `display` is what was validated, and the only form ever written to; `key` is the same for every spelling of one
 * identifier.
 */
export type NormalisedIdentifier = Readonly<{ kind: IdentifierKind; display: string; key: string }>;

export type IdentifierProblem =
  | 'email-missing'
  | 'email-without-at'
  | 'email-with-several-ats'
  | 'email-too-long'
  | 'email-characters'
  | 'email-local-part'
  | 'email-domain'
  | 'username-missing'
  | 'username-too-short'
  | 'username-too-long'
  | 'username-characters'
  | 'username-edges'
  | 'username-mixed-scripts'
  | 'username-like-email'
  | 'username-like-phone'
  | 'username-like-id'
  | 'phone-missing'
  | 'phone-characters'
  | 'phone-without-country-code'
  | 'phone-length'
  | 'phone-unknown';

export type IdentifierRefusal = Readonly<{ kind: IdentifierKind; problem: IdentifierProblem }>;

export type Normalise = (input: string) => NormalisedIdentifier | IdentifierRefusal;

export const isRefused = (result: NormalisedIdentifier | IdentifierRefusal): result is IdentifierRefusal =>
  'problem' in result;
