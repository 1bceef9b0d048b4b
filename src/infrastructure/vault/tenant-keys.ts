import { hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { wholeTenant } from '../../application/ports/erasure-ledger.js';
import { KeyMissing } from '../../application/ports/vault.js';
import type { TenantId } from '../../domain/values.js';
import { inTransaction } from '../transaction.js';
import { keyLength, secretKey } from './aead.js';
import { vaultChannel } from './key-announcements.js';
import { KeyCache } from './key-cache.js';
import { type RootKeys, versionOf } from './root-keys.js';

/** The key that wraps a tenant's data keys. Its generation rises with every rotation. */
export type TenantKey = Readonly<{ generation: number; secret: KeyObject }>;

export const tenantKeyAad = (tenant: string, generation: number): string => `tenant key|${tenant}|${generation}`;
export const lookupKeyAad = (tenant: string): string => `look-up key|${tenant}`;
/** Tenants whose unwrapped keys are kept. */
const mostTenants = 10_000;

export const newKey = (): Uint8Array => new Uint8Array(randomBytes(keyLength));

const bury = `
  with alive as (
    select from vault_tenants where tenant = $1 and destroyed_at is null
  ), buried as (
    insert into vault_tenants as t (tenant, generation, destroyed_at) values ($1, 0, clock_timestamp())
    on conflict (tenant) do update
       set wrapped_key = null, wrapped_previous = null, wrapped_lookup = null,
           destroyed_at = coalesce(t.destroyed_at, clock_timestamp())
    returning tenant
  )
  select exists (select from alive) as was_alive, pg_notify('${vaultChannel}', tenant) from buried`;

const noTenant = (tenant: TenantId): KeyMissing => new KeyMissing(wholeTenant(tenant));

/** The keys of tenants: rows of `vault_tenants`, wrapped under the root key. */
export class TenantKeys {
  private readonly current: KeyCache<TenantKey>;
  private readonly unwrapped: KeyCache<KeyObject>;
  private readonly lookups: KeyCache<KeyObject>;

  constructor(
    private readonly pool: pg.Pool,
    private readonly rootKeys: RootKeys,
    ttl?: number,
  ) {
    this.current = new KeyCache(ttl, mostTenants);
    this.unwrapped = new KeyCache(ttl, mostTenants);
    this.lookups = new KeyCache(ttl, mostTenants);
  }

  /** @throws KeyMissing where the tenant was destroyed */
  async create(tenant: TenantId): Promise<void> {
    const [key, lookup] = [newKey(), newKey()];
    const wrapped = [tenant, ...(await this.wrapBoth(tenant, key, lookup))];
    const { rowCount } = await this.pool.query(
      `insert into vault_tenants (tenant, generation, wrapped_key, wrapped_lookup) values ($1, 1, $2, $3)
       on conflict (tenant) do nothing`,
      wrapped,
    );
    if (rowCount === 0) await this.load(tenant);
    else if (versionOf(wrapped[1] ?? '') !== (await this.rootKeys.current())) {
      // A root rotation that had already looked for outdated tenants missed this one.
      await this.pool.query(
        `update vault_tenants set wrapped_key = $2, wrapped_lookup = $3
          where tenant = $1 and generation = 1 and destroyed_at is null`,
        [tenant, ...(await this.wrapBoth(tenant, key, lookup))],
      );
    }
  }

  /** Destroys the tenant's own keys and deletes its data keys. @returns whether there was anything to destroy */
  async destroy(tenant: TenantId): Promise<boolean> {
    return inTransaction(this.pool, async (client) => {
      // The grave first: who makes a key holds a share lock on the tenant's row, so the next statement sees all keys
      // there will ever be.
      const { rows } = await client.query<{ was_alive: boolean }>(bury, [tenant]);
      await client.query('delete from vault_keys where tenant = $1', [tenant]);
      return rows[0]?.was_alive ?? false;
    });
  }

  /** The key under which new data keys are wrapped. @throws KeyMissing */
  async currentKey(tenant: TenantId): Promise<TenantKey> {
    return this.current.get(tenant) ?? (await this.load(tenant)).key;
  }

  /** Unwraps a key that was read from `vault_tenants`. */
  async unwrap(tenant: string, generation: number, wrapped: string): Promise<KeyObject> {
    const name = `${tenant}|${generation}`;
    const known = this.unwrapped.get(name);
    if (known !== undefined) return known;
    const ticket = this.unwrapped.ticket();
    const secret = secretKey(await this.rootKeys.unwrap(wrapped, tenantKeyAad(tenant, generation)));
    this.unwrapped.put(ticket, name, secret);
    return secret;
  }

  /** A key of its own for each purpose, derived from the tenant's look-up key (HKDF, RFC 5869). @throws KeyMissing */
  async lookupKey(tenant: TenantId, purpose: string): Promise<KeyObject> {
    const name = `${tenant}|${purpose}`;
    const known = this.lookups.get(name);
    if (known !== undefined) return known;
    const ticket = this.lookups.ticket();
    const { lookup } = await this.load(tenant);
    const key = secretKey(new Uint8Array(hkdfSync('sha256', lookup, '', `annal look-up|${purpose}`, keyLength)));
    this.lookups.put(ticket, name, key);
    return key;
  }

  forget(tenant: string): void {
    this.current.forget(tenant);
    this.unwrapped.forgetAll(`${tenant}|`);
    this.lookups.forgetAll(`${tenant}|`);
  }

  forgetAll(): void {
    this.current.forgetAll();
    this.unwrapped.forgetAll();
    this.lookups.forgetAll();
  }

  private async wrapBoth(tenant: TenantId, key: Uint8Array, lookup: Uint8Array): Promise<[string, string]> {
    return [
      await this.rootKeys.wrap(key, tenantKeyAad(tenant, 1)),
      await this.rootKeys.wrap(lookup, lookupKeyAad(tenant)),
    ];
  }

  private async load(tenant: TenantId): Promise<{ key: TenantKey; lookup: Uint8Array }> {
    const ticket = this.current.ticket();
    const { rows } = await this.pool.query<{ generation: number; wrapped_key: string; wrapped_lookup: string }>({
      name: 'vault-tenant',
      text: `select generation, wrapped_key, wrapped_lookup from vault_tenants
              where tenant = $1 and destroyed_at is null`,
      values: [tenant],
    });
    const row = rows[0];
    if (row === undefined) throw noTenant(tenant);
    const secret = await this.unwrap(tenant, row.generation, row.wrapped_key);
    const key = { generation: row.generation, secret };
    this.current.put(ticket, tenant, key);
    return { key, lookup: await this.rootKeys.unwrap(row.wrapped_lookup, lookupKeyAad(tenant)) };
  }
}
