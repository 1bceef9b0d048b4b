import type pg from 'pg';
import type { KeyRef } from '../../application/ports/vault.js';
import type { UserId } from '../../domain/values.js';
import { inTransaction } from '../transaction.js';
import type { OwnedKey } from './bulk-vault.js';
import { vaultChannel } from './key-announcements.js';

export type DataKeyRow = Readonly<{
  tenant: string;
  scope: string;
  id: string;
  /** The key's grave, or its tenant's, is there. */
  destroyed: boolean;
  key_id: string | null;
  wrapped: Buffer | null;
  generation: number | null;
  /** The tenant key that wraps this key, itself wrapped. */
  tenant_key: string | null;
}>;

/**
 * One statement, so that a data key is read together with the tenant key that wraps it, whatever a rotation does
 * meanwhile.
 */
const find = `
  select asked.tenant, asked.scope, asked.id, k.key_id, k.wrapped, k.generation,
         k.destroyed_at is not null or t.destroyed_at is not null as destroyed,
         case when k.generation = t.generation then t.wrapped_key else t.wrapped_previous end as tenant_key
    from unnest($1::text[], $2::text[], $3::text[]) as asked (tenant, scope, id)
    left join vault_keys k on k.tenant = asked.tenant and k.scope = asked.scope and k.id = asked.id
    left join vault_tenants t on t.tenant = asked.tenant`;

/** Nothing is inserted under a tenant key that a rotation has just replaced, nor where the key or its grave is. */
const insert = `
  insert into vault_keys (tenant, scope, id, key_id, wrapped, generation)
  select t.tenant, $2, $3, $4, $5, t.generation from vault_tenants t
   where t.tenant = $1 and t.generation = $6 and t.destroyed_at is null for share of t
  on conflict (tenant, scope, id) do nothing`;

/** Waits for a destruction of the owner that is under way, and finds nothing after it. */
const insertOwned = `
  insert into vault_keys (tenant, scope, id, key_id, wrapped, generation, owner)
  select t.tenant, $2, $3, $4, $5, t.generation, o.id
    from vault_tenants t join vault_keys o on o.tenant = t.tenant and o.scope = 'person' and o.id = $7
   where t.tenant = $1 and t.generation = $6 and t.destroyed_at is null and o.wrapped is not null for share of t, o
  on conflict (tenant, scope, id) do nothing`;

/** Keeps rotations out, which take the rows of a tenant in another order. */
const hold = 'select from vault_tenants where tenant = any ($1) order by tenant for share';

const owned = `
  select k.tenant, k.scope, k.id from unnest($1::text[], $2::text[]) as person (tenant, id)
    join vault_keys k on k.tenant = person.tenant and k.owner = person.id
   where k.owner is not null and k.wrapped is not null`;

const owners = `
  select k.tenant, k.scope, k.id, k.owner from unnest($1::text[], $2::text[], $3::text[]) as asked (tenant, scope, id)
    join vault_keys k using (tenant, scope, id) where k.owner is not null`;

/** The time is taken while the row is held: later than that of any rotation which still found the key. */
const bury = `
  with asked as (
    select distinct tenant, scope, id from unnest($1::text[], $2::text[], $3::text[]) as asked (tenant, scope, id)
  ), alive as (
    select tenant, scope, id from vault_keys join asked using (tenant, scope, id) where wrapped is not null
  ), buried as (
    insert into vault_keys as k (tenant, scope, id, generation, destroyed_at)
    select tenant, scope, id, 0, clock_timestamp() from asked order by tenant, scope, id
    on conflict (tenant, scope, id) do update
       set wrapped = null, key_id = null, destroyed_at = coalesce(k.destroyed_at, clock_timestamp())
    returning tenant, scope, id
  ), told as (
    select tenant, scope, id, pg_notify('${vaultChannel}', tenant || '|' || scope || '|' || id) from buried
  )
  select told.tenant, told.scope, told.id, alive.id is not null as was_alive
    from told left join alive using (tenant, scope, id)`;

const columns = (refs: readonly KeyRef[]): [string[], string[], string[]] => [
  refs.map(({ tenant }) => tenant),
  refs.map(({ scope }) => scope),
  refs.map(({ id }) => id),
];

/** The table `vault_keys`: races between making and destroying a key are decided by its primary key. */
export class DataKeyRows {
  constructor(private readonly pool: pg.Pool) {}

  async find(refs: readonly KeyRef[]): Promise<readonly DataKeyRow[]> {
    const { rows } = await this.pool.query<DataKeyRow>({ name: 'vault-find', text: find, values: columns(refs) });
    return rows;
  }

  /** @returns false where the key or its grave exists, or the tenant's key is of another generation by now */
  async insert({ tenant, scope, id }: KeyRef, keyId: string, wrapped: Buffer, generation: number): Promise<boolean> {
    const values = [tenant, scope, id, keyId, wrapped, generation];
    const { rowCount } = await this.pool.query({ name: 'vault-insert', text: insert, values });
    return rowCount === 1;
  }

  /** As `insert`. @returns false also where the owner's key is not there, or is no more */
  async insertOwned(
    { tenant, scope, id }: KeyRef,
    keyId: string,
    wrapped: Buffer,
    generation: number,
    owner: UserId,
  ): Promise<boolean> {
    const values = [tenant, scope, id, keyId, wrapped, generation, owner];
    const { rowCount } = await this.pool.query({ name: 'vault-insert-owned', text: insertOwned, values });
    return rowCount === 1;
  }

  /** Of those that have one, in whatever order. */
  async ownersOf(refs: readonly KeyRef[]): Promise<readonly OwnedKey[]> {
    const { rows } = await this.pool.query<OwnedKey>(owners, columns(refs));
    return rows;
  }

  /** And what they own. @returns those that were alive */
  bury(refs: readonly KeyRef[]): Promise<readonly KeyRef[]> {
    return inTransaction(this.pool, async (client) => {
      await client.query(hold, [[...new Set(refs.map(({ tenant }) => tenant))]]);
      const buried = await buryOnly(client, refs);
      // Asked once the graves stand: from then on nothing is made that would be missed here.
      const [tenants, , people] = columns(refs.filter(({ scope }) => scope === 'person'));
      const { rows } = await client.query<KeyRef>(owned, [tenants, people]);
      return rows.length === 0 ? buried : [...buried, ...(await buryOnly(client, rows))];
    });
  }
}

async function buryOnly(client: pg.ClientBase, refs: readonly KeyRef[]): Promise<readonly KeyRef[]> {
  const { rows } = await client.query<KeyRef & { was_alive: boolean }>(bury, columns(refs));
  return rows.filter((row) => row.was_alive).map(({ tenant, scope, id }) => ({ tenant, scope, id }));
}
