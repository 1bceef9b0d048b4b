import argon2 from 'argon2';
import { AdmissionControl } from '../../src/infrastructure/admission-control.js';
import { Argon2PasswordHasher } from '../../src/infrastructure/argon2-password-hasher.js';
import { cheapHashing } from './cheap.js';

/** The hasher of production with cheap hashes, and how many were computed. */
export class CountingHasher extends Argon2PasswordHasher {
  constructor(private readonly counter = { hashes: 0 }) {
    super(
      new AdmissionControl({ concurrency: 4, queue: 10_000, deadlineMs: 60_000 }),
      cheapHashing,
      [],
      (password, options) => {
        counter.hashes += 1;
        return argon2.hash(password, options);
      },
    );
  }

  /** Hashes that `work` took. */
  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.counter.hashes;
    await work();
    return this.counter.hashes - before;
  }
}
