import { createHmac, randomUUID } from 'node:crypto';
import { KeyMissing, type KeyRef } from '../../application/ports/vault.js';
import type { TenantId } from '../../domain/values.js';
import type { Database } from '../database.js';
import { decrypt, encrypt } from './aead.js';
import { BulkVault, madeOnUse } from './bulk-vault.js';
import { KeyAnnouncements } from './key-announcements.js';
import { KeyCache } from './key-cache.js';
import { Keyring, type KeyState, refName } from './keyring.js';
import type { RootKeys } from './root-keys.js';
import { newKey, TenantKeys } from './tenant-keys.js';

type KeyRow = {
  tenant: string;
  scope: string;
  id: string;
  destroyed: boolean;
  key_id: string | null;
  wrapped: Buffer | null;
  generation: number | null;
  tenant_key: string | null;
};

/** One statement, so that a data key is read together with the tenant key that wraps it, whatever a rotation does meanwhile. */
const selectKeys = `
  select asked.tenant, asked.scope, asked.id, k.key_id, k.wrapped, k.generation,
         k.destroyed_at is not null or t.destroyed_at is not null as destroyed,
         case when k.generation = t.generation then t.wrapped_key else t.wrapped_previous end as tenant_key
    from unnest($1::text[], $2::text[], $3::text[]) as asked (tenant, scope, id)
    left join vault_keys k on k.tenant = asked.tenant and k.scope = asked.scope and k.id = asked.id
    left join vault_tenants t on t.tenant = asked.tenant`;

/** Nothing is inserted under a tenant key that a rotation has just replaced, or where the key exists or its grave does. */
const insertKey = `
  insert into vault_keys (tenant, scope, id, key_id, wrapped, generation)
  select t.tenant, $2, $3, $4, $5, t.generation from vault_tenants t
   where t.tenant = $1 and t.generation = $6 and t.destroyed_at is null for share of t
  on conflict (tenant, scope, id) do nothing`;

const buryKey = `
  insert into vault_keys as k (tenant, scope, id, generation, destroyed_at) values ($1, $2, $3, 0, now())
  on conflict (tenant, scope, id) do update
     set wrapped = null, key_id = null, destroyed_at = coalesce(k.destroyed_at, excluded.destroyed_at)`;

const buryTenant = `
  insert into vault_tenants as t (tenant, generation, destroyed_at) values ($1, 0, now())
  on conflict (tenant) do update
     set wrapped_key = null, wrapped_previous = null, wrapped_lookup = null,
         destroyed_at = coalesce(t.destroyed_at, excluded.destroyed_at)`;

/** How often a key is tried again under the tenant key of a newer generation. */
const rotationsOvertaken = 5;

export const dataKeyAad = (name: string, keyId: string, generation: number): string =>
  `data key|${name}|${keyId}|${generation}`;

/** The key vault in PostgreSQL. Destruction is effective at once in this process, and in others when they hear of it or after 30 s. */
export class PostgresVault extends BulkVault {
  private readonly cache: KeyCache;
  private readonly tenants: TenantKeys;
  private readonly announcements: KeyAnnouncements;

  constructor(
    private readonly database: Database,
    rootKeys: RootKeys,
    /** Milliseconds an unwrapped key is trusted, at most 30,000. */
    ttl?: number,
  ) {
    super();
    this.cache = new KeyCache(ttl);
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

  async createKey(ref: KeyRef): Promise<void> {
    for (let attempt = 0; attempt <= rotationsOvertaken; attempt++) {
      if ((await this.insert(ref)) || (await this.exists(ref))) return;
      this.tenants.forget(ref.tenant);
    }
    throw new KeyMissing(ref);
  }

  async destroyKey(ref: KeyRef): Promise<void> {
    const { tenant, scope, id } = ref;
    await this.database.pool.query(KeyAnnouncements.announcing(buryKey, '$4'), [tenant, scope, id, refName(ref)]);
    this.forget(refName(ref));
  }

  async destroyTenant(tenant: TenantId): Promise<void> {
    const client = await this.database.pool.connect();
    try {
      await client.query('begin');
      // The grave first: who makes a key holds a share lock on the tenant's row, so the next statement sees all keys there will ever be.
      await client.query(KeyAnnouncements.announcing(buryTenant, '$2'), [tenant, tenant]);
      await client.query('delete from vault_keys where tenant = $1', [tenant]);
      await client.query('commit');
      client.release();
    } catch (error) {
      // The broken connection is thrown away, and with it the transaction.
      client.release(true);
      throw error;
    }
    this.forget(tenant);
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

  private async insert(ref: KeyRef): Promise<boolean> {
    const { tenant, scope, id } = ref;
    const { generation, secret } = await this.tenants.currentKey(tenant);
    const keyId = randomUUID();
    const wrapped = encrypt(secret, newKey(), dataKeyAad(refName(ref), keyId, generation));
    const { rowCount } = await this.database.pool.query({
      name: 'vault-insert',
      text: insertKey,
      values: [tenant, scope, id, keyId, wrapped, generation],
    });
    return rowCount === 1;
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
    const { rows } = await this.database.pool.query<KeyRow>({
      name: 'vault-keys',
      text: selectKeys,
      values: [asked.map(({ tenant }) => tenant), asked.map(({ scope }) => scope), asked.map(({ id }) => id)],
    });
    for (const row of rows) {
      const name = `${row.tenant}|${row.scope}|${row.id}`;
      const state = row.destroyed ? 'destroyed' : await this.unwrap(name, row);
      if (state === undefined) continue;
      found.set(name, state);
      this.cache.put(ticket, name, state);
    }
  }

  private async unwrap(name: string, row: KeyRow): Promise<KeyState | undefined> {
    const { tenant, key_id: id, wrapped, generation, tenant_key: tenantKey } = row;
    if (id === null || wrapped === null || generation === null || tenantKey === null) return undefined;

    const secret = await this.tenants.unwrap(tenant, generation, tenantKey);
    return { id, secret: decrypt(secret, wrapped, dataKeyAad(name, id, generation)) };
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
