import {
  calculateJwkThumbprint,
  CompactEncrypt,
  type CryptoKey,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
} from 'jose';
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Claims, TokenSigner } from '../application/ports/token-signer.js';
import type { PrivateJwk, PublicJwk, SigningAlgorithm } from '../domain/signingkeys/signing-keys.js';
import type { Encryption } from '../domain/token-policy/structure.js';

/** jose's name of each algorithm's options. RSA keys have 2048 bits or more (RFC 7518 section 3.3). */
const generation: Readonly<Record<SigningAlgorithm, Readonly<{ crv?: string; modulusLength?: number }>>> = {
  ES256: {},
  EdDSA: { crv: 'Ed25519' },
  RS256: { modulusLength: 2048 },
  PS256: { modulusLength: 2048 },
};

/** Longer than any token that this service makes. */
const maxTokenLength = 8_192;

/** Three parts of base64url (RFC 7515 section 7.1); anything else would cost an exception to find out. */
const compactForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** The last character of a part may carry bits that mean nothing; they are zero, so that no token can be written in two ways. */
const isCanonical = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);

/** `name` is the key's RFC 7638 thumbprint with the one algorithm that it is imported for. */
type Imported = Readonly<{ name: string; key: CryptoKey }>;
type Keys = Map<SigningAlgorithm, Promise<Imported>>;

/**
 * JOSE by `jose`. Imported keys live as long as the objects they were made from, so that signing costs no parsing.
 *
 * A signature that was right is not checked again: whether these bytes were signed by this key is a fact that never changes, unlike what
 * the token is worth, which the caller asks the rows every time. Names hold the key's thumbprint and the token's SHA-256, so a verdict
 * speaks of one key and one token, and no token stands in memory. Wrong signatures are not remembered: nobody can crowd the right ones out.
 */
export class JoseTokenSigner extends TokenSigner {
  readonly #imported = new WeakMap<PublicJwk | PrivateJwk, Keys>();
  readonly #verified = new LRUCache<string, Claims>({ max: 10_000 });

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
    const { key } = await this.#import(privateKey, algorithm);
    return new SignJWT({ ...claims }).setProtectedHeader({ alg: algorithm, typ: type, kid: id }).sign(key);
  }

  async encrypt({ algorithm, key }: Encryption, type: string, signed: string): Promise<string> {
    const recipient = await importJWK({ ...key }, algorithm);
    const header = { alg: algorithm, enc: 'A256GCM', typ: type, cty: 'JWT', ...(key['kid'] && { kid: key['kid'] }) };
    return new CompactEncrypt(Buffer.from(signed)).setProtectedHeader(header).encrypt(recipient);
  }

  keyIdOf(token: string): string | undefined {
    if (token.length > maxTokenLength || !compactForm.test(token)) return undefined;
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
    const { name, key } = await this.#import(publicKey, algorithm);
    const verdict = `${name} ${type} ${hash('sha256', token, 'base64url')}`;
    const known = this.#verified.get(verdict);
    if (known) return known;
    if (!isCanonical(token)) return undefined;
    try {
      // Times are checked by the caller against its own clock: here any instant serves.
      const { payload } = await jwtVerify(token, key, { algorithms: [algorithm], typ: type, currentDate: new Date(0) });
      this.#verified.set(verdict, Object.freeze(payload));
      return payload;
    } catch {
      return undefined;
    }
  }

  #import(jwk: PublicJwk | PrivateJwk, algorithm: SigningAlgorithm): Promise<Imported> {
    const keys: Keys = this.#imported.get(jwk) ?? new Map<SigningAlgorithm, Promise<Imported>>();
    this.#imported.set(jwk, keys);
    const known = keys.get(algorithm);
    if (known) return known;
    const imported = importKey(jwk, algorithm);
    keys.set(algorithm, imported);
    return imported;
  }
}

async function importKey(jwk: PublicJwk | PrivateJwk, algorithm: SigningAlgorithm): Promise<Imported> {
  const [thumbprint, key] = await Promise.all([calculateJwkThumbprint(jwk), importJWK({ ...jwk }, algorithm)]);
  return { name: `${algorithm} ${thumbprint}`, key: key as CryptoKey };
}
