import type { KeyObject } from 'node:crypto';
import { KeyMissing, type KeyRef, SealBroken } from '../../application/ports/vault.js';
import { decrypt, encrypt, secretKey } from './aead.js';

/** Names a data key within this process. Neither a tenant nor a scope contains a bar. */
export const refName = ({ tenant, scope, id }: KeyRef): string => `${tenant}|${scope}|${id}`;

export type DataKey = Readonly<{
  secret: KeyObject;
  /** Begins every text that is sealed under this key. */
  prefix: string;
  /** Begins the associated data of everything that is sealed under this key. */
  aad: string;
}>;

/**
 * `name` is the key's `refName`, `id` the UUID of this very key: it shows in the text, and the associated data holds it
 * whole.
 */
export const dataKey = (name: string, id: string, secret: Uint8Array): DataKey => ({
  secret: secretKey(secret),
  prefix: `v1.${id.slice(-12)}.`,
  aad: `${name}|${id}|`,
});

export type KeyState = DataKey | 'destroyed';

/** What a wrapped data key is bound to; `name` is its `refName`. */
export const dataKeyAad = (name: string, keyId: string, generation: number): string =>
  `data key|${name}|${keyId}|${generation}`;

/**
 * Unwrapped data keys at hand, so that a page of events is opened without waiting. Sealed text is `v1.<end of the key's
 * id>.<base64url of nonce, ciphertext and tag>`; reference and id of the key are part of the associated data.
 */
export class Keyring {
  constructor(private readonly keys: ReadonlyMap<string, KeyState>) {}

  /** Whether something can be sealed under this key. */
  holds(ref: KeyRef): boolean {
    const key = this.keys.get(refName(ref));
    return key !== undefined && key !== 'destroyed';
  }

  /** @throws KeyMissing where the key was never made or has been destroyed */
  seal(ref: KeyRef, clear: Uint8Array, aad: string): string {
    const key = this.keys.get(refName(ref));
    if (key === undefined || key === 'destroyed') throw new KeyMissing(ref);

    return `${key.prefix}${encrypt(key.secret, clear, key.aad + aad).toString('base64url')}`;
  }

  /**
   * The clear bytes, or undefined where the key was destroyed. @throws SealBroken, KeyMissing where the key was never
   * made
   */
  open(ref: KeyRef, sealed: string, aad: string): Uint8Array | undefined {
    const key = this.keys.get(refName(ref));
    if (key === undefined) throw new KeyMissing(ref);
    if (key === 'destroyed') return undefined;

    if (!sealed.startsWith(key.prefix))
      throw new SealBroken(`the value was not sealed under the ${ref.scope} key ${ref.id}`);
    const text = sealed.slice(key.prefix.length);
    const bytes = Buffer.from(text, 'base64url');
    if (!isSpelt(text, bytes)) throw new SealBroken('the sealed text is not spelt as it was sealed');
    return decrypt(key.secret, bytes, key.aad + aad);
  }
}

/**
 * The decoder skips what it does not know and ignores spare bits at the end; a sealed text has one spelling, so that
 * nobody can vary an opaque value that was given out. Only the last group can have spare bits.
 */
function isSpelt(text: string, bytes: Buffer): boolean {
  const lastGroup = bytes.subarray(bytes.length - (bytes.length % 3)).toString('base64url');
  return text.length === Math.ceil((bytes.length * 4) / 3) && text.endsWith(lastGroup);
}
