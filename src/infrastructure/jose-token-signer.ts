import {
  calculateJwkThumbprint,
  type CryptoKey,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { LRUCache } from 'lru-cache';
import { type Claims, TokenSigner } from '../application/ports/token-signer.js';
import type { PrivateJwk, PublicJwk, SigningAlgorithm } from '../domain/signingkeys/signing-keys.js';

/** jose's name of each algorithm's options. RSA keys have 2048 bits or more (RFC 7518 section 3.3). */
const generation: Readonly<Record<SigningAlgorithm, Readonly<{ crv?: string; modulusLength?: number }>>> = {
  ES256: {},
  EdDSA: { crv: 'Ed25519' },
  RS256: { modulusLength: 2048 },
  PS256: { modulusLength: 2048 },
};

/** Longer than any token that this service makes. */
const maxTokenLength = 8_192;

/** JOSE by `jose`. Imported keys are kept by thumbprint, so that signing costs no parsing. */
export class JoseTokenSigner extends TokenSigner {
  readonly #keys = new LRUCache<string, CryptoKey>({ max: 20_000 });

  async generate(algorithm: SigningAlgorithm): Promise<Readonly<{ publicKey: PublicJwk; privateKey: PrivateJwk }>> {
    const pair = await generateKeyPair(algorithm, { ...generation[algorithm], extractable: true });
    const [publicKey, privateKey] = await Promise.all([exportJWK(pair.publicKey), exportJWK(pair.privateKey)]);
    return { publicKey: publicKey as PublicJwk, privateKey: privateKey as PrivateJwk };
  }

  async sign(
    { id, algorithm, privateKey }: Readonly<{ id: string; algorithm: SigningAlgorithm; privateKey: PrivateJwk }>,
    type: string,
    claims: Claims,
  ): Promise<string> {
    const key = await this.#imported('private', privateKey, algorithm);
    return new SignJWT({ ...claims }).setProtectedHeader({ alg: algorithm, typ: type, kid: id }).sign(key);
  }

  keyIdOf(token: string): string | undefined {
    if (token.length > maxTokenLength) return undefined;
    try {
      const { kid } = decodeProtectedHeader(token);
      return typeof kid === 'string' ? kid : undefined;
    } catch {
      return undefined;
    }
  }

  async verify(
    { algorithm, publicKey }: Readonly<{ id: string; algorithm: SigningAlgorithm; publicKey: PublicJwk }>,
    type: string,
    token: string,
  ): Promise<Claims | undefined> {
    const key = await this.#imported('public', publicKey, algorithm);
    try {
      // Times are checked by the caller against its own clock: here any instant serves.
      const { payload } = await jwtVerify(token, key, { algorithms: [algorithm], typ: type, currentDate: new Date(0) });
      return payload;
    } catch {
      return undefined;
    }
  }

  async #imported(
    half: 'public' | 'private',
    jwk: PublicJwk | PrivateJwk,
    algorithm: SigningAlgorithm,
  ): Promise<CryptoKey> {
    const name = `${half}:${algorithm}:${await calculateJwkThumbprint(jwk)}`;
    const known = this.#keys.get(name);
    if (known) return known;
    const key = (await importJWK({ ...jwk }, algorithm)) as CryptoKey;
    this.#keys.set(name, key);
    return key;
  }
}
