declare const brand: unique symbol;
/** A string that cannot be confused with another string. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Branded<'TenantId'>;
export type UserId = Branded<'UserId'>;
export type CredentialId = Branded<'CredentialId'>;
export type SessionId = Branded<'SessionId'>;
export type GrantId = Branded<'GrantId'>;
export type ClientId = Branded<'ClientId'>;
export type AttemptId = Branded<'AttemptId'>;
export type DeviceId = Branded<'DeviceId'>;
export type ClaimId = Branded<'ClaimId'>;
export type KeyId = Branded<'KeyId'>;
export type ApiKeyId = Branded<'ApiKeyId'>;

/** An instant in UTC, RFC 3339 with milliseconds and `Z`, so that text order is time order. */
export type Instant = Branded<'Instant'>;

export const instant = (milliseconds: number): Instant => new Date(milliseconds).toISOString() as Instant;
export const milliseconds = (at: Instant): number => Date.parse(at);
export const plusSeconds = (at: Instant, seconds: number): Instant => instant(milliseconds(at) + seconds * 1000);
export const secondsBetween = (from: Instant, to: Instant): number => (milliseconds(to) - milliseconds(from)) / 1000;

/** Seconds since 1970, as JWTs count time (NumericDate, RFC 7519 section 2). */
export const numericDate = (at: Instant): number => Math.floor(milliseconds(at) / 1000);

/** The text form of a UUID (RFC 9562 section 4) from its 32 hexadecimal digits. */
export const uuidOfHex = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');

/**
 * Whose key protects a value: `person` dies with an erasure, `credential` when the credential is replaced, `trace` (addresses and
 * agents of sign-in attempts, a tenant key per month) with its retention period, `tenant` with the tenant.
 */
export type KeyScope = 'person' | 'credential' | 'trace' | 'tenant';

/**
 * A value that exists in clear only in memory: it refuses serialisation, and the codec seals it under the named key when it is stored.
 * `value` is undefined once that key has been destroyed.
 */
export class Sealed<T, Scope extends KeyScope = KeyScope> {
  constructor(
    readonly scope: Scope,
    readonly key: string,
    readonly value: T | undefined,
  ) {}

  toJSON(): never {
    throw new TypeError(`a ${this.scope} value must not be serialised`);
  }

  toString(): string {
    return '[sealed]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `[sealed ${this.scope}]`;
  }
}

export type Personal<T> = Sealed<T, 'person'>;
export type Secret<T> = Sealed<T, 'credential'>;
export type Trace<T> = Sealed<T, 'trace'>;
/** A secret of the tenant itself, such as a private signing key. */
export type TenantSecret<T> = Sealed<T, 'tenant'>;

export const personal = <T>(user: UserId, value: T): Personal<T> => new Sealed('person', user, value);
export const secret = <T>(credential: CredentialId, value: T): Secret<T> => new Sealed('credential', credential, value);
export const tenantSecret = <T>(key: KeyId, value: T): TenantSecret<T> => new Sealed('tenant', key, value);
/** `at` picks the month's key. */
export const trace = <T>(at: Instant, value: T): Trace<T> => new Sealed('trace', at.slice(0, 7), value);

/** The clear value, or undefined where there is none or its key no longer exists. */
export const reveal = <T>(sealed: Sealed<T> | undefined): T | undefined => sealed?.value;
