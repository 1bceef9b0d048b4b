import { hkdfSync, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { KeyMissing } from '../../application/ports/vault.js';
import type { TenantId } from '../../domain/values.js';
import { keyLength } from './aead.js';
import { KeyCache } from './key-cache.js';
import type { RootKeys } from './root-keys.js';

/** The key that wraps a tenant's data keys. Its generation rises with every rotation. */
export type TenantKey = Readonly<{ generation: number; secret: Uint8Array }>;

export const tenantKeyAad = (tenant: string, generation: number): string => `tenant key|${tenant}|${generation}`;
export const lookupKeyAad = (tenant: string): string => `look-up key|${tenant}`;
export const newKey = (): Uint8Array => new Uint8Array(randomBytes(keyLength));

const noTenant = (tenant: TenantId): KeyMissing => new KeyMissing({ tenant, scope: 'tenant', id: tenant });

/** The keys of tenants: rows of `vault_tenants`, wrapped under the root key. */
export class TenantKeys {
  private readonly current: KeyCache<TenantKey>;
  private readonly unwrapped: KeyCache<Uint8Array>;
  private readonly lookups: KeyCache<Uint8Array>;

  constructor(
    private readonly pool: pg.Pool,
    private readonly rootKeys: RootKeys,
    ttl?: number,
  ) {
    this.current = new KeyCache(ttl);
    this.unwrapped = new KeyCache(ttl);
    this.lookups = new KeyCache(ttl);
  }

  /** @throws KeyMissing where the tenant was destroyed */
  async create(tenant: TenantId): Promise<void> {
    const key = await this.rootKeys.wrap(newKey(), tenantKeyAad(tenant, 1));
    const lookup = await this.rootKeys.wrap(newKey(), lookupKeyAad(tenant));
    const { rowCount } = await this.pool.query(
      `insert into vault_tenants (tenant, generation, wrapped_key, wrapped_lookup) values ($1, 1, $2, $3)
       on conflict (tenant) do nothing`,
      [tenant, key, lookup],
    );
    if (rowCount === 0) await this.load(tenant);
  }

  /** The key under which new data keys are wrapped. @throws KeyMissing */
  async currentKey(tenant: TenantId): Promise<TenantKey> {
    return this.current.get(tenant) ?? (await this.load(tenant)).key;
  }

  /** Unwraps a key that was read from `vault_tenants`. */
  async unwrap(tenant: string, generation: number, wrapped: string): Promise<Uint8Array> {
    const name = `${tenant}|${generation}`;
    const known = this.unwrapped.get(name);
    if (known !== undefined) return known;
    const ticket = this.unwrapped.ticket();
    const secret = await this.rootKeys.unwrap(wrapped, tenantKeyAad(tenant, generation));
    this.unwrapped.put(ticket, name, secret);
    return secret;
  }

  /** A key of its own for each purpose, derived from the tenant's look-up key (HKDF, RFC 5869). @throws KeyMissing */
  async lookupKey(tenant: TenantId, purpose: string): Promise<Uint8Array> {
    const name = `${tenant}|${purpose}`;
    const known = this.lookups.get(name);
    if (known !== undefined) return known;
    const ticket = this.lookups.ticket();
    const { lookup } = await this.load(tenant);
    const key = new Uint8Array(hkdfSync('sha256', lookup, '', `annal look-up|${purpose}`, keyLength));
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

  private async load(tenant: TenantId): Promise<{ key: TenantKey; lookup: Uint8Array }> {
    const ticket = this.current.ticket();
    const { rows } = await this.pool.query<{ generation: number; wrapped_key: string; wrapped_lookup: string }>({
      name: 'vault-tenant',
      text: `select generation, wrapped_key, wrapped_lookup from vault_tenants where tenant = $1 and destroyed_at is null`,
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
