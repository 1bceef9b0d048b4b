import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import {
  type AssertionClaims,
  type AssertionKeys,
  Assertions,
  type Unverified,
} from '../application/ports/assertions.js';

/** Longer than any assertion that means something. */
const longest = 16_384;
const compactForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** By `jose`. Times are left to the caller's clock: here any instant serves. */
const anyTime = { currentDate: new Date(0), clockTolerance: Number.MAX_SAFE_INTEGER } as const;

export class JoseAssertions extends Assertions {
  read(assertion: string): Unverified | undefined {
    if (assertion.length > longest || !compactForm.test(assertion)) return undefined;
    try {
      const { alg, kid, typ, crit } = decodeProtectedHeader(assertion);
      const { sub } = decodeJwt(assertion);
      if (typeof alg !== 'string' || crit !== undefined) return undefined;
      return {
        ...(typeof sub === 'string' && { subject: sub }),
        ...(typeof typ === 'string' && { type: typ }),
        algorithm: alg,
        ...(typeof kid === 'string' && { key: kid }),
      };
    } catch {
      return undefined;
    }
  }

  async verify(assertion: string, algorithm: string, keys: AssertionKeys): Promise<AssertionClaims | undefined> {
    const options = { algorithms: [algorithm], ...anyTime };
    if (!('secrets' in keys)) return byKeys(assertion, keys, options);
    for (const secret of keys.secrets) {
      const verified = await jwtVerify(assertion, Buffer.from(secret, 'utf8'), options).catch(() => undefined);
      if (verified) return verified.payload;
    }
    return undefined;
  }
}

async function byKeys(
  assertion: string,
  keys: Exclude<AssertionKeys, { secrets: unknown }>,
  options: Parameters<typeof jwtVerify>[2],
): Promise<JWTPayload | undefined> {
  const set = createLocalJWKSet({ keys: keys.map((key) => ({ ...key })) });
  try {
    return (await jwtVerify(assertion, set, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) return undefined;
    // Without a `kid` it may be of any that fits.
    for await (const key of error) {
      const verified = await jwtVerify(assertion, key, options).catch(() => undefined);
      if (verified) return verified.payload;
    }
    return undefined;
  }
}
