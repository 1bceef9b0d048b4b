import type { ClientKey } from '../../domain/client/details.js';

/** What an assertion says before anybody has looked at its signature. */
export type Unverified = Readonly<{ subject?: string; type?: string; algorithm: string; key?: string }>;

/** Claims of a JWT whose signature is right; nothing else of them was looked at. */
export type AssertionClaims = Readonly<Record<string, unknown>>;

export type AssertionKeys = readonly ClientKey[] | Readonly<{ secrets: readonly string[] }>;

/** Signatures of JWTs that others made (RFC 7523). */
export abstract class Assertions {
  /** Undefined where it is no signed JWT in its compact form, or nothing that could be looked at. */
  abstract read(assertion: string): Unverified | undefined;
  /** Undefined unless one of the keys made it with this very algorithm. */
  abstract verify(assertion: string, algorithm: string, keys: AssertionKeys): Promise<AssertionClaims | undefined>;
}
