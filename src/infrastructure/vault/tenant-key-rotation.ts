import type pg from 'pg';
import type { TenantId } from '../../domain/values.js';
import { inTransaction } from '../transaction.js';
import { decrypt, encrypt, secretKey } from './aead.js';
import { dataKeyAad } from './keyring.js';
import type { RootKeys } from './root-keys.js';
import { newKey, tenantKeyAad } from './tenant-keys.js';

type TenantRow = { generation: number; wrapped_key: string; wrapped_previous: string | null };
type KeyRow = { scope: string; id: string; key_id: string; wrapped: Buffer; generation: number };

/** How far a rotation has come: how much is done, and how much there was to do when it began. */
export type Progress = (done: number, total: number) => void;

const batch = 1_000;

/** Asks once more: a key left behind would be lost. */
const forgetPrevious = `
  update vault_tenants set wrapped_previous = null
   where tenant = $1 and not exists (
     select from vault_keys where tenant = $1 and generation < $2 and wrapped is not null)`;

/**
 * Replaces tenant keys. Stored events and data keys stay as they are, opening and sealing go on meanwhile, and what was
 * interrupted is finished by calling again.
 */
export class TenantKeyRotation {
  constructor(
    private readonly pool: pg.Pool,
    private readonly rootKeys: RootKeys,
  ) {}

  /** Gives a tenant a new key and wraps its data keys under it. @returns the number of data keys rewrapped */
  async rotate(tenant: TenantId, progress: Progress = () => undefined): Promise<number> {
    const before = await this.finish(tenant, progress);
    await inTransaction(this.pool, (client) => this.replace(client, tenant));
    return before + (await this.finish(tenant, progress));
  }

  private async replace(client: pg.PoolClient, tenant: TenantId): Promise<void> {
    const row = await lockTenant(client, tenant);
    // Another instance has just begun: that rotation is finished instead.
    if (row === undefined || row.wrapped_previous !== null) return;

    const generation = row.generation + 1;
    await client.query(
      `update vault_tenants
          set generation = $2, wrapped_key = $3, wrapped_previous = wrapped_key, rotated_at = clock_timestamp()
        where tenant = $1`,
      [tenant, generation, await this.rootKeys.wrap(newKey(), tenantKeyAad(tenant, generation))],
    );
  }

  /** Rewraps what is still wrapped under the previous key, then forgets that key. */
  private async finish(tenant: TenantId, progress: Progress): Promise<number> {
    const { rows } = await this.pool.query<{ total: number }>(
      `select count(*)::integer as total from vault_keys k join vault_tenants t on t.tenant = k.tenant
        where k.tenant = $1 and k.wrapped is not null and k.generation < t.generation`,
      [tenant],
    );
    for (let done = 0; ; ) {
      const rewrapped = await inTransaction(this.pool, (client) => this.rewrapBatch(client, tenant));
      if (rewrapped === 0) return done;
      done += rewrapped;
      progress(done, rows[0]?.total ?? 0);
    }
  }

  /** @returns 0 when nothing was wrapped under a previous key any more; that key is gone then */
  private async rewrapBatch(client: pg.PoolClient, tenant: TenantId): Promise<number> {
    const row = await lockTenant(client, tenant);
    if (row === undefined || row.wrapped_previous === null) return 0;
    const { generation } = row;
    const { rows } = await client.query<KeyRow>(
      `select scope, id, key_id, wrapped, generation from vault_keys
        where tenant = $1 and generation < $2 and wrapped is not null order by scope, id limit ${batch} for update`,
      [tenant, generation],
    );
    if (rows.length === 0) {
      await client.query(forgetPrevious, [tenant, generation]);
      return 0;
    }
    const old = secretKey(await this.rootKeys.unwrap(row.wrapped_previous, tenantKeyAad(tenant, generation - 1)));
    const fresh = secretKey(await this.rootKeys.unwrap(row.wrapped_key, tenantKeyAad(tenant, generation)));
    const rewrapped = rows.map((key) => {
      const name = `${tenant}|${key.scope}|${key.id}`;
      const secret = decrypt(old, key.wrapped, dataKeyAad(name, key.key_id, key.generation));
      return encrypt(fresh, secret, dataKeyAad(name, key.key_id, generation));
    });
    await client.query(
      `update vault_keys k set wrapped = changed.wrapped, generation = $2
         from unnest($3::text[], $4::text[], $5::bytea[]) as changed (scope, id, wrapped)
        where k.tenant = $1 and k.scope = changed.scope and k.id = changed.id`,
      [tenant, generation, rows.map(({ scope }) => scope), rows.map(({ id }) => id), rewrapped],
    );
    return rows.length;
  }
}

async function lockTenant(client: pg.PoolClient, tenant: TenantId): Promise<TenantRow | undefined> {
  const { rows } = await client.query<TenantRow>(
    `select generation, wrapped_key, wrapped_previous from vault_tenants
      where tenant = $1 and destroyed_at is null for update`,
    [tenant],
  );
  return rows[0];
}
