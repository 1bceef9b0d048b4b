import type { KeyScope, TenantId, UserId } from '../../domain/values.js';

export type KeyRef = Readonly<{ tenant: TenantId; scope: KeyScope; id: string }>;

/** What every key rests on cannot be reached from here. */
export class VaultUnavailable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'VaultUnavailable';
  }
}

/** The key asked for was never made or has been destroyed. */
export class KeyMissing extends Error {
  constructor(readonly ref: KeyRef) {
    super(`there is no ${ref.scope} key ${ref.id}`);
    this.name = 'KeyMissing';
  }
}

/** Ciphertext and associated data do not belong together: the stored bytes were changed or moved. */
export class SealBroken extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealBroken';
  }
}

/** The keys under which personal data and secrets are sealed: data keys under a tenant key under the root key. */
export abstract class Vault {
  /** Makes the tenant's own key; again is harmless. */
  abstract createTenant(tenant: TenantId): Promise<void>;
  /**
   * Makes a data key; again is harmless. One with an `owner` is made only while that person's key is there, and is destroyed with it,
   * whatever happens at the same time. @throws KeyMissing where it, or its owner's, was destroyed: a destroyed key is never made again
   */
  abstract createKey(ref: KeyRef, owner?: UserId): Promise<void>;
  /** Destroys a data key for good, and those it owns; again is harmless. */
  abstract destroyKey(ref: KeyRef): Promise<void>;
  /** Destroys every key of a tenant. */
  abstract destroyTenant(tenant: TenantId): Promise<void>;
  /** AES-256-GCM; `aad` is bound to the ciphertext. Trace and tenant keys are made on first use, the others never. @throws KeyMissing */
  abstract seal(ref: KeyRef, clear: Uint8Array, aad: string): Promise<string>;
  /** The clear bytes, or undefined where the key was destroyed. @throws SealBroken */
  abstract open(ref: KeyRef, sealed: string, aad: string): Promise<Uint8Array | undefined>;
  /** HMAC-SHA-256 (32 bytes) under a key derived for `purpose` from the tenant's look-up key, which no rotation of sealing keys touches. */
  abstract mac(tenant: TenantId, purpose: string, message: string): Promise<Uint8Array>;
}
