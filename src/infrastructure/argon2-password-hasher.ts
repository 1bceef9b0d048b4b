import { randomBytes, timingSafeEqual } from 'node:crypto';
import argon2 from 'argon2';
import { PasswordHasher, PasswordTooLong, PepperMissing, type Verdict } from '../application/ports/password-hasher.js';
import type { Verifier } from '../domain/credentials/verifier.js';
import type { AdmissionControl } from './admission-control.js';
import { formatPhc, type Phc, parsePhc } from './phc.js';

export type Argon2Parameters = Readonly<{ memoryKib: number; passes: number; lanes: number }>;

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, two passes, one lane. */
export const owaspParameters: Argon2Parameters = { memoryKib: 19_456, passes: 2, lanes: 1 };

/** A key kept apart from the database, mixed into every hash (NIST SP 800-63B-4 section 3.1.1.2). */
export type Pepper = Readonly<{ id: string; secret: Buffer }>;

/** Computes one raw hash; a function so that specs can count the calls. */
export type ComputeHash = (password: Buffer, options: argon2.Options & { raw: true }) => Promise<Buffer>;

const algorithms: Readonly<Record<Phc['algorithm'], 0 | 1 | 2>> = {
  argon2d: argon2.argon2d,
  argon2i: argon2.argon2i,
  argon2id: argon2.argon2id,
};
const version = 0x13;
const saltBytes = 16;
const digestBytes = 32;
/** 1,024 code points of four bytes, the longest that a policy can allow. */
const maxBytes = 4_096;
/** Raw input is refused before it is normalised; no code point of NFKC comes from more than a few characters. */
const maxCharacters = 16_384;

export class Argon2PasswordHasher extends PasswordHasher {
  /** Stands in where there is nothing to verify, at the cost in force. */
  private readonly decoy: Phc;

  /** The first pepper is mixed into new hashes; the others only verify what they were mixed into. */
  constructor(
    private readonly gate: AdmissionControl,
    private readonly parameters: Argon2Parameters = owaspParameters,
    private readonly peppers: readonly Pepper[] = [],
    private readonly compute: ComputeHash = argon2.hash,
  ) {
    super();
    const [salt, digest] = [randomBytes(saltBytes), randomBytes(digestBytes)];
    this.decoy = { algorithm: 'argon2id', version, ...parameters, salt, digest };
  }

  async admit<T>(work: () => Promise<T>): Promise<T> {
    return this.gate.admit(work);
  }

  async hash(password: string): Promise<Verifier> {
    const bytes = encode(password);
    if (!bytes) throw new PasswordTooLong(maxBytes);
    const [pepper] = this.peppers;
    const blank: Phc = { ...this.decoy, salt: randomBytes(saltBytes) };
    const phc = formatPhc({ ...blank, digest: await this.digest(blank, bytes, pepper) });

    return { phc, ...(pepper && { pepper: pepper.id }) };
  }

  async verify(verifier: Verifier | undefined, password: string): Promise<Verdict> {
    const bytes = encode(password);
    const phc = verifier && parsePhc(verifier.phc);
    const pepper = verifier ? this.peppers.find(({ id }) => id === verifier.pepper) : this.peppers[0];
    const digest = await this.digest(phc ?? this.decoy, bytes ?? Buffer.alloc(0), pepper);
    if (verifier?.pepper !== undefined && !pepper) throw new PepperMissing(verifier.pepper);
    if (!phc || !bytes || bytes.length === 0) return { matches: false, outdated: false };

    return { matches: timingSafeEqual(digest, phc.digest), outdated: this.isOutdated(phc, verifier.pepper) };
  }

  /** Any difference counts: an account whose hash costs less than the others' can be told from them. */
  private isOutdated(phc: Phc, pepper: string | undefined): boolean {
    const { memoryKib, passes, lanes } = this.parameters;

    return (
      phc.algorithm !== 'argon2id' ||
      phc.version !== version ||
      phc.memoryKib !== memoryKib ||
      phc.passes !== passes ||
      phc.lanes !== lanes ||
      phc.digest.length !== digestBytes ||
      phc.salt.length < saltBytes ||
      pepper !== this.peppers[0]?.id
    );
  }

  private digest(phc: Phc, password: Buffer, pepper: Pepper | undefined): Promise<Buffer> {
    return this.gate.run(() =>
      this.compute(password, {
        raw: true,
        type: algorithms[phc.algorithm],
        version: phc.version,
        memoryCost: phc.memoryKib,
        timeCost: phc.passes,
        parallelism: phc.lanes,
        salt: phc.salt,
        hashLength: phc.digest.length,
        ...(pepper && { secret: pepper.secret }),
      }),
    );
  }
}

/** Undefined where it is too long. Nothing is truncated. */
function encode(password: string): Buffer | undefined {
  if (password.length > maxCharacters) return undefined;
  const bytes = Buffer.from(password.normalize('NFKC'), 'utf8');

  return bytes.length <= maxBytes ? bytes : undefined;
}
