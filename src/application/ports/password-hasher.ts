import type { Verifier } from '../../domain/credentials/verifier.js';

/**
 * `outdated`: parameters or pepper are older than those in force, so a password that matched should be hashed again.
 */
export type Verdict = Readonly<{ matches: boolean; outdated: boolean }>;

/** More passwords wait than can be hashed in time; nothing was computed. Answered as 503 with `Retry-After`. */
export class HashingBusy extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super(`too many passwords wait to be hashed; try again in ${retryAfterSeconds} s`);
    this.name = 'HashingBusy';
  }
}

/** Longer than any policy allows. Never truncated. */
export class PasswordTooLong extends Error {
  constructor(readonly maxBytes: number) {
    super(`a password has at most ${maxBytes} bytes`);
    this.name = 'PasswordTooLong';
  }
}

/** A verifier names a pepper that is not configured: a fault of the installation, never the person's. */
export class PepperMissing extends Error {
  constructor(readonly pepper: string) {
    super(`the pepper ${pepper} is not configured`);
    this.name = 'PepperMissing';
  }
}

/** Hashes passwords (NIST SP 800-63B-4 section 3.1.1.2), normalised to NFKC first. */
export abstract class PasswordHasher {
  /**
   * Does what comes to a hash on its way. No more of it is under way than can be hashed in time: whoever cannot be served is told so
   * before anything is read for it. @throws HashingBusy, having done nothing
   */
  abstract admit<T>(work: () => Promise<T>): Promise<T>;
  /** @throws HashingBusy, PasswordTooLong */
  abstract hash(password: string): Promise<Verifier>;
  /**
   * Computes exactly one hash whatever it is given: no verifier, an empty password and a damaged verifier cost what a
   * real one costs, and never match. @throws HashingBusy, PepperMissing (after the hash)
   */
  abstract verify(verifier: Verifier | undefined, password: string): Promise<Verdict>;
}
