import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { KeyMissing, type KeyRef } from '../../src/application/ports/vault.js';
import type { TenantId, UserId } from '../../src/domain/values.js';
import { BulkVault, madeOnUse, type OwnedKey } from '../../src/infrastructure/vault/bulk-vault.js';
import { dataKey, Keyring, type KeyState, refName } from '../../src/infrastructure/vault/keyring.js';

/** The vault in memory, for specs: the same sealing and the same rules, and keys that end with the process. */
export class MemoryVault extends BulkVault {
  private readonly keys = new Map<string, KeyState>();
  private readonly owners = new Map<string, string>();
  private readonly tenants = new Map<string, Uint8Array | 'destroyed'>();

  async createTenant(tenant: TenantId): Promise<void> {
    if (!this.tenants.has(tenant)) this.tenants.set(tenant, randomBytes(32));
    this.lookupKey(tenant);
  }

  async createKey(ref: KeyRef, owner?: UserId): Promise<void> {
    this.lookupKey(ref.tenant);
    const name = refName(ref);
    if (owner !== undefined) this.own(name, { tenant: ref.tenant, scope: 'person', id: owner });
    if (this.keys.get(name) === 'destroyed') throw new KeyMissing(ref);
    if (!this.keys.has(name)) this.keys.set(name, dataKey(name, randomUUID(), randomBytes(32)));
  }

  async destroyKey(ref: KeyRef): Promise<void> {
    this.keys.set(refName(ref), 'destroyed');
    for (const [name, owner] of this.owners) if (owner === refName(ref)) this.keys.set(name, 'destroyed');
  }

  /** @throws KeyMissing */
  private own(name: string, owner: KeyRef): void {
    const key = this.keys.get(refName(owner));
    if (key === undefined || key === 'destroyed') throw new KeyMissing(owner);
    this.owners.set(name, refName(owner));
  }

  async destroyTenant(tenant: TenantId): Promise<void> {
    this.tenants.set(tenant, 'destroyed');
  }

  async destroyAgain(refs: readonly KeyRef[]): Promise<readonly KeyRef[]> {
    const alive = refs.filter((ref) => typeof this.keys.get(refName(ref)) === 'object');
    for (const ref of refs) {
      if (ref.id === ref.tenant && ref.scope === 'tenant') await this.destroyTenant(ref.tenant);
      else await this.destroyKey(ref);
    }
    return alive;
  }

  async ownersOf(refs: readonly KeyRef[]): Promise<readonly OwnedKey[]> {
    return refs.flatMap((ref) => {
      const owner = this.owners.get(refName(ref))?.split('|')[2];
      return owner === undefined ? [] : [{ ...ref, owner: owner as UserId }];
    });
  }

  async keysToSeal(refs: readonly KeyRef[]): Promise<Keyring> {
    for (const ref of refs) {
      if (madeOnUse[ref.scope] && !this.keys.has(refName(ref))) await this.createKey(ref);
    }
    return this.keysToOpen(refs);
  }

  async keysToOpen(refs: readonly KeyRef[]): Promise<Keyring> {
    const found = new Map<string, KeyState>();
    for (const ref of refs) {
      const state = this.tenants.get(ref.tenant) === 'destroyed' ? 'destroyed' : this.keys.get(refName(ref));
      if (state !== undefined) found.set(refName(ref), state);
    }
    return new Keyring(found);
  }

  async mac(tenant: TenantId, purpose: string, message: string): Promise<Uint8Array> {
    const key = createHmac('sha256', this.lookupKey(tenant)).update(purpose).digest();
    return new Uint8Array(createHmac('sha256', key).update(message).digest());
  }

  /** @throws KeyMissing */
  private lookupKey(tenant: TenantId): Uint8Array {
    const key = this.tenants.get(tenant);
    if (key === undefined || key === 'destroyed') throw new KeyMissing({ tenant, scope: 'tenant', id: tenant });
    return key;
  }
}
