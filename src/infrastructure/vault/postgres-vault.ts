import { createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '../../application/ports/clock.js';
import { type ErasureLedger, wholeTenant } from '../../application/ports/erasure-ledger.js';
import { KeyMissing, type KeyRef } from '../../application/ports/vault.js';
import type { TenantId, UserId } from '../../domain/values.js';
import type { Database } from '../database.js';
import { decrypt, encrypt } from './aead.js';
import { BulkVault, madeOnUse, type OwnedKey } from './bulk-vault.js';
import { type DataKeyRow, DataKeyRows } from './data-key-rows.js';
import { KeyAnnouncements } from './key-announcements.js';
import { KeyCache } from './key-cache.js';
import { dataKey, dataKeyAad, Keyring, type KeyState, refName } from './keyring.js';
import type { RootKeys } from './root-keys.js';
import { newKey, TenantKeys } from './tenant-keys.js';

/** How often making a key is tried again under the tenant key of a newer generation. */
const rotationsOvertaken = 5;

const isWholeTenant = ({ tenant, scope, id }: KeyRef): boolean => scope === 'tenant' && id === tenant;

/**
 * The key vault in PostgreSQL. Destruction is recorded in the ledger first. It is effective at once in this process,
 * and in others when they hear of it or after 30 s.
 */
export class PostgresVault extends BulkVault {
  private readonly cache: KeyCache;
  private readonly rows: DataKeyRows;
  private readonly tenants: TenantKeys;
  private readonly announcements: KeyAnnouncements;

  constructor(
    database: Database,
    rootKeys: RootKeys,
    private readonly ledger: ErasureLedger,
    private readonly clock: Clock,
    /** Milliseconds an unwrapped key is trusted, at most 30,000. */
    ttl?: number,
  ) {
    super();
    this.cache = new KeyCache(ttl);
    this.rows = new DataKeyRows(database.pool);
    this.tenants = new TenantKeys(database.pool, rootKeys, ttl);
    this.announcements = new KeyAnnouncements(database);
  }

  /** Listens for keys that other instances destroy. */
  async start(): Promise<void> {
    await this.announcements.start((name) => (name === undefined ? this.forgetAll() : this.forget(name)));
  }

  async stop(): Promise<void> {
    await this.announcements.stop();
  }

  async createTenant(tenant: TenantId): Promise<void> {
    await this.tenants.create(tenant);
  }

  async createKey(ref: KeyRef, owner?: UserId): Promise<void> {
    for (let attempt = 0; attempt <= rotationsOvertaken; attempt++) {
      if ((await this.insert(ref, owner)) || (await this.exists(ref))) return;
      if (owner !== undefined) await this.demand({ tenant: ref.tenant, scope: 'person', id: owner });
      this.tenants.forget(ref.tenant);
    }
    throw new KeyMissing(ref);
  }

  async destroyKey(ref: KeyRef): Promise<void> {
    await this.ledger.record([{ ...ref, at: this.clock.now() }]);
    await this.destroyAgain([ref]);
  }

  async destroyTenant(tenant: TenantId): Promise<void> {
    await this.destroyKey(wholeTenant(tenant));
  }

  async destroyAgain(refs: readonly KeyRef[]): Promise<readonly KeyRef[]> {
    const revived: KeyRef[] = [];
    for (const { tenant } of refs.filter(isWholeTenant)) {
      if (await this.tenants.destroy(tenant)) revived.push(wholeTenant(tenant));
      this.forget(tenant);
    }
    const keys = refs.filter((ref) => !isWholeTenant(ref));
    const buried = keys.length > 0 ? await this.rows.bury(keys) : [];
    for (const ref of [...keys, ...buried]) this.forget(refName(ref));
    revived.push(...buried);
    return revived;
  }

  ownersOf(refs: readonly KeyRef[]): Promise<readonly OwnedKey[]> {
    return this.rows.ownersOf(refs);
  }

  async keysToSeal(refs: readonly KeyRef[]): Promise<Keyring> {
    const keys = await this.load(refs);
    const missing = refs.filter((ref) => !keys.has(refName(ref)) && madeOnUse[ref.scope]);
    if (missing.length === 0) return new Keyring(keys);

    for (const ref of missing) await this.createKey(ref);
    return new Keyring(await this.load(refs));
  }

  async keysToOpen(refs: readonly KeyRef[]): Promise<Keyring> {
    return new Keyring(await this.load(refs));
  }

  async mac(tenant: TenantId, purpose: string, message: string): Promise<Uint8Array> {
    const key = await this.tenants.lookupKey(tenant, purpose);
    return new Uint8Array(createHmac('sha256', key).update(message, 'utf8').digest());
  }

  private async insert(ref: KeyRef, owner: UserId | undefined): Promise<boolean> {
    const name = refName(ref);
    const ticket = this.cache.ticket();
    const { generation, secret } = await this.tenants.currentKey(ref.tenant);
    const [id, key] = [randomUUID(), newKey()];
    const wrapped = encrypt(secret, key, dataKeyAad(name, id, generation));
    const isMade =
      owner === undefined
        ? await this.rows.insert(ref, id, wrapped, generation)
        : await this.rows.insertOwned(ref, id, wrapped, generation, owner);
    if (isMade) this.cache.put(ticket, name, dataKey(name, id, key));
    return isMade;
  }

  /** As it stands now, not as it is remembered. @throws KeyMissing where there is no such key, or no more */
  private async demand(ref: KeyRef): Promise<void> {
    this.cache.forget(refName(ref));
    if (!(await this.exists(ref))) throw new KeyMissing(ref);
  }

  /** @throws KeyMissing where the key was destroyed */
  private async exists(ref: KeyRef): Promise<boolean> {
    const state = (await this.load([ref])).get(refName(ref));
    if (state === 'destroyed') throw new KeyMissing(ref);
    return state !== undefined;
  }

  /** What is known of the named keys; a key that was never made is absent. */
  private async load(refs: readonly KeyRef[]): Promise<Map<string, KeyState>> {
    const found = new Map<string, KeyState>();
    const asked = new Map<string, KeyRef>();
    for (const ref of refs) {
      const name = refName(ref);
      if (found.has(name) || asked.has(name)) continue;
      const state = this.cache.get(name);
      if (state === undefined) asked.set(name, ref);
      else found.set(name, state);
    }
    if (asked.size > 0) await this.query([...asked.values()], found);
    return found;
  }

  private async query(asked: readonly KeyRef[], found: Map<string, KeyState>): Promise<void> {
    const ticket = this.cache.ticket();
    for (const row of await this.rows.find(asked)) {
      const name = `${row.tenant}|${row.scope}|${row.id}`;
      const state = row.destroyed ? 'destroyed' : await this.unwrap(name, row);
      if (state === undefined) continue;
      found.set(name, state);
      this.cache.put(ticket, name, state);
    }
  }

  private async unwrap(name: string, row: DataKeyRow): Promise<KeyState | undefined> {
    const { tenant, key_id: id, wrapped, generation, tenant_key: tenantKey } = row;
    if (id === null || wrapped === null || generation === null || tenantKey === null) return undefined;

    const secret = await this.tenants.unwrap(tenant, generation, tenantKey);
    return dataKey(name, id, decrypt(secret, wrapped, dataKeyAad(name, id, generation)));
  }

  private forget(name: string): void {
    const tenant = name.split('|', 1)[0] ?? name;
    if (name !== tenant) return this.cache.forget(name);
    this.tenants.forget(tenant);
    this.cache.forgetAll(`${tenant}|`);
  }

  private forgetAll(): void {
    this.tenants.forgetAll();
    this.cache.forgetAll();
  }
}
