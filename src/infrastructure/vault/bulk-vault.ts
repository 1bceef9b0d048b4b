import { type KeyRef, Vault } from '../../application/ports/vault.js';
import type { KeyScope, UserId } from '../../domain/values.js';
import type { Keyring } from './keyring.js';

/**
 * Which keys are made by their first use. A missing person key means that the person was erased or never registered, a
 * missing credential key that the credential was replaced: neither may come back because something is sealed late.
 */
export const madeOnUse: Readonly<Record<KeyScope, boolean>> = {
  person: false,
  credential: false,
  trace: true,
  tenant: true,
};

/** The key of a person's credential. */
export type OwnedKey = KeyRef & Readonly<{ owner: UserId }>;

/** A vault that hands out many keys at once. */
export abstract class BulkVault extends Vault {
  /** The named keys for sealing; trace and tenant keys are made where they are missing. */
  abstract keysToSeal(refs: readonly KeyRef[]): Promise<Keyring>;
  /** The named keys for opening; none is made. */
  abstract keysToOpen(refs: readonly KeyRef[]): Promise<Keyring>;

  /** Destroys without recording; for what the ledger records already. @returns what was alive */
  abstract destroyAgain(refs: readonly KeyRef[]): Promise<readonly KeyRef[]>;

  /** Those of the keys that belong to a person, destroyed ones too. */
  abstract ownersOf(refs: readonly KeyRef[]): Promise<readonly OwnedKey[]>;

  async seal(ref: KeyRef, clear: Uint8Array, aad: string): Promise<string> {
    return (await this.keysToSeal([ref])).seal(ref, clear, aad);
  }

  async open(ref: KeyRef, sealed: string, aad: string): Promise<Uint8Array | undefined> {
    return (await this.keysToOpen([ref])).open(ref, sealed, aad);
  }
}
