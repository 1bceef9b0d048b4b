import { standardScopes } from '../authorization/scopes.js';
import { authenticationMethods } from '../client/proof.js';
import type { RegistrationPolicy } from '../client/registration-policy.js';
import { isRecord, type Json } from '../json.js';
import type { Branding } from './branding.js';

/** How people may be named at sign-in. */
export type IdentifierKind = 'email' | 'username' | 'phone';

export type IdentifierRule = Readonly<{ signIn: boolean; required: boolean }>;

/** No composition rules by default (NIST SP 800-63B-4 section 3.1.1.2); a tenant that insists may ask for classes. */
export type PasswordPolicy = Readonly<{
  /** Code points after NFKC; 15 unless a second factor is always asked for, then at least 8. */
  minLength: number;
  /** Code points after NFKC, 64 to 1,024 (the hasher takes 4,096 bytes). */
  maxLength: number;
  /** Character classes (lower, upper, digit, other) that must occur, 0 to 4. */
  classes: number;
  /** Number of former passwords that may not be used again, 0 to 24; each costs one hash when the password changes. */
  history: number;
  /** Days until a change is asked for; 0 = never. */
  maxAgeDays: number;
  /** Least zxcvbn score, 0 to 4; 0 = not computed. */
  minScore: number;
  /** Refuse common and leaked passwords. */
  blocklist: boolean;
  /** Refuse passwords that contain the person's own names and addresses or the service's name. */
  contextWords: boolean;
  /** When a changed policy reaches passwords that no longer meet it. */
  appliesAt: 'change' | 'sign-in';
}>;

/**
 * NIST SP 800-63B-4 section 3.2.2: from `threshold` failures on every try costs a growing delay; at `hardLimit` the authenticator is off.
 * Counted per account, authenticator and source class, where only devices that proved themselves have a class of their own.
 */
export type LockoutPolicy = Readonly<{
  /** Of passwords; guesses at codes are always limited. */
  enabled: boolean;
  /** Failures that cost nothing but the next try, 3 to 100. */
  threshold: number;
  /** Failures older than this no longer count towards the threshold; a delay that runs is not shortened. */
  windowSeconds: number;
  /** The delay after `threshold` failures; every further failure doubles it. */
  firstDelaySeconds: number;
  maxDelaySeconds: number;
  /** Failures since the last success, however old, that turn the authenticator off until it is cleared; `threshold` to 100. */
  hardLimit: number;
}>;

export type SessionLimits = Readonly<{
  absoluteSeconds: number;
  idleSeconds: number;
}>;

export type TokenSettings = Readonly<{
  accessSeconds: number;
  refreshIdleSeconds: number;
  refreshAbsoluteSeconds: number;
  /** Seconds in which the successor of a refresh token is answered again to a retry; 0 = strict. At most 10. */
  refreshGraceSeconds: number;
}>;

export type VerificationSettings = Readonly<{
  /** An address must be verified before it can be used to sign in. */
  requiredToSignIn: boolean;
  linkSeconds: number;
  codeSeconds: number;
  /** Codes and links that may be asked for per hour and address. */
  perHour: number;
}>;

/** One attribute that accounts of the tenant may have beside names and addresses. An empty `values` allows any text. */
export type AttributeRule = Readonly<{ name: string; required: boolean; maxLength: number; values: readonly string[] }>;

/** What a tenant decides about authentication; every value has a default. */
export type Settings = Readonly<{
  identifiers: Readonly<Record<IdentifierKind, IdentifierRule>>;
  registration: Readonly<{ open: boolean; nameRequired: boolean; attributes: readonly AttributeRule[] }>;
  password: PasswordPolicy;
  lockout: LockoutPolicy;
  session: SessionLimits;
  tokens: TokenSettings;
  verification: VerificationSettings;
  locales: Readonly<{ default: string; supported: readonly string[] }>;
  clientRegistration: RegistrationPolicy;
  branding: Branding;
}>;

/** Any part of the settings; lists and plain values replace, objects merge. */
export type Overrides = { readonly [Group in keyof Settings]?: DeepPartial<Settings[Group]> };
type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;

export const defaults: Settings = {
  identifiers: {
    email: { signIn: true, required: true },
    username: { signIn: true, required: false },
    phone: { signIn: true, required: false },
  },
  registration: { open: true, nameRequired: false, attributes: [] },
  password: {
    minLength: 15,
    maxLength: 1024,
    classes: 0,
    history: 0,
    maxAgeDays: 0,
    minScore: 0,
    blocklist: true,
    contextWords: true,
    appliesAt: 'change',
  },
  lockout: {
    enabled: true,
    threshold: 10,
    windowSeconds: 86_400,
    firstDelaySeconds: 30,
    maxDelaySeconds: 3_600,
    hardLimit: 100,
  },
  session: { absoluteSeconds: 30 * 86_400, idleSeconds: 7 * 86_400 },
  tokens: {
    accessSeconds: 300,
    refreshIdleSeconds: 7 * 86_400,
    refreshAbsoluteSeconds: 30 * 86_400,
    refreshGraceSeconds: 0,
  },
  verification: { requiredToSignIn: true, linkSeconds: 86_400, codeSeconds: 600, perHour: 5 },
  locales: { default: 'en', supported: ['en', 'de'] },
  branding: { accent: '', supportUrl: '', termsUrl: '', privacyUrl: '' },
  clientRegistration: {
    mode: 'off',
    scopes: standardScopes,
    grantTypes: ['authorization_code', 'refresh_token'],
    authenticationMethods,
    requirePkce: true,
    maxClients: 100,
  },
};

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

/** Overrides laid over defaults, value by value; what is not of the default's kind counts for nothing. */
export function merge<T>(base: T, overrides: unknown): T {
  if (kindOf(base) !== kindOf(overrides)) return base;
  if (!isRecord(base) || !isRecord(overrides)) return overrides as T;
  const merged = Object.entries(base).map(([key, value]) => [
    key,
    Object.hasOwn(overrides, key) ? merge(value, overrides[key]) : value,
  ]);
  return Object.fromEntries(merged) as T;
}

export const effective = (overrides: Overrides): Settings => merge(defaults, overrides);

/** Every value with where it comes from, keyed by its dotted path: `password.minLength`. */
export function origins(
  overrides: Overrides,
): Readonly<Record<string, Readonly<{ value: Json; origin: 'default' | 'tenant' }>>> {
  const rows: Record<string, { value: Json; origin: 'default' | 'tenant' }> = {};
  const walk = (base: unknown, over: unknown, path: string): void => {
    if (!isRecord(base)) {
      rows[path] = { value: merge(base, over) as Json, origin: kindOf(base) === kindOf(over) ? 'tenant' : 'default' };
      return;
    }
    for (const [key, value] of Object.entries(base)) {
      walk(value, isRecord(over) && Object.hasOwn(over, key) ? over[key] : undefined, path ? `${path}.${key}` : key);
    }
  };
  walk(defaults, overrides, '');
  return rows;
}
