import { KeyMissing, type KeyRef, SealBroken } from '../../application/ports/vault.js';
import { decrypt, encrypt } from './aead.js';

/** Names a data key within this process. Neither a tenant nor a scope contains a bar. */
export const refName = ({ tenant, scope, id }: KeyRef): string => `${tenant}|${scope}|${id}`;

export type DataKey = Readonly<{
  /** UUID of this very key, bound into everything that is sealed under it. */
  id: string;
  secret: Uint8Array;
}>;

export type KeyState = DataKey | 'destroyed';

/** What a wrapped data key is bound to; `name` is its `refName`. */
export const dataKeyAad = (name: string, keyId: string, generation: number): string =>
  `data key|${name}|${keyId}|${generation}`;

/** Enough of the key's UUID to tell that a text was sealed under another key. */
const shortId = (key: DataKey): string => key.id.slice(-12);

const sealAad = (ref: KeyRef, key: DataKey, aad: string): string => `${refName(ref)}|${key.id}|${aad}`;

/**
 * Unwrapped data keys at hand, so that a page of events is opened without waiting. Sealed text is `v1.<end of the key's id>.<base64url of
 * nonce, ciphertext and tag>`; reference and id of the key are part of the associated data.
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

    return `v1.${shortId(key)}.${encrypt(key.secret, clear, sealAad(ref, key, aad)).toString('base64url')}`;
  }

  /** The clear bytes, or undefined where the key was destroyed. @throws SealBroken, KeyMissing where the key was never made */
  open(ref: KeyRef, sealed: string, aad: string): Uint8Array | undefined {
    const key = this.keys.get(refName(ref));
    if (key === undefined) throw new KeyMissing(ref);
    if (key === 'destroyed') return undefined;

    const prefix = `v1.${shortId(key)}.`;
    if (!sealed.startsWith(prefix)) throw new SealBroken(`the value was not sealed under the ${ref.scope} key ${ref.id}`);
    return decrypt(key.secret, Buffer.from(sealed.slice(prefix.length), 'base64url'), sealAad(ref, key, aad));
  }
}
