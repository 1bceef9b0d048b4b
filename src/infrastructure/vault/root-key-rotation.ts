import type pg from 'pg';
import type { TenantId } from '../../domain/values.js';
import { inTransaction } from '../transaction.js';
import type { RootKeys } from './root-keys.js';
import type { Progress } from './tenant-key-rotation.js';
import { lookupKeyAad, tenantKeyAad } from './tenant-keys.js';

type Row = {
  tenant: TenantId;
  generation: number;
  wrapped_key: string;
  wrapped_previous: string | null;
  wrapped_lookup: string;
};

const batch = 200;

/** Tenants of which something is wrapped under another root version than $1. */
const outdated = `from vault_tenants where destroyed_at is null and exists (
  select from unnest(array[wrapped_key, wrapped_previous, wrapped_lookup]) as wrapped
   where split_part(wrapped, '.', 1) <> $1)`;

/** Wraps what the root key wraps under its current version. No data key and no event is touched. */
export class RootKeyRotation {
  constructor(
    private readonly pool: pg.Pool,
    private readonly rootKeys: RootKeys,
  ) {}

  /** In batches; what was interrupted is finished by calling again. @returns the number of tenants rewrapped */
  async rotate(progress: Progress = () => undefined): Promise<number> {
    const version = await this.rootKeys.current();
    const { rows } = await this.pool.query<{ total: number }>(`select count(*)::integer as total ${outdated}`, [
      version,
    ]);
    for (let done = 0; ; ) {
      const rewrapped = await inTransaction(this.pool, (client) => this.rewrapBatch(client, version));
      if (rewrapped === 0) return done;
      done += rewrapped;
      progress(done, rows[0]?.total ?? 0);
    }
  }

  /** Root versions that something is still wrapped under: destroying one of them would lose its tenants. */
  async versionsInUse(): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ version: string }>(
      `select distinct split_part(wrapped, '.', 1) as version
         from vault_tenants, unnest(array[wrapped_key, wrapped_previous, wrapped_lookup]) as wrapped
        where wrapped is not null order by 1`,
    );
    return rows.map(({ version }) => version);
  }

  private async rewrapBatch(client: pg.PoolClient, version: string): Promise<number> {
    const { rows } = await client.query<Row>(
      `select tenant, generation, wrapped_key, wrapped_previous, wrapped_lookup ${outdated}
        order by tenant limit ${batch} for update`,
      [version],
    );
    const rewrapped = await Promise.all(rows.map((row) => this.rewrap(row)));
    await client.query(
      `update vault_tenants t
          set wrapped_key = changed.key, wrapped_previous = changed.previous, wrapped_lookup = changed.lookup
         from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as changed (tenant, key, previous, lookup)
        where t.tenant = changed.tenant`,
      [
        rewrapped.map(({ tenant }) => tenant),
        rewrapped.map(({ wrapped_key: key }) => key),
        rewrapped.map(({ wrapped_previous: previous }) => previous),
        rewrapped.map(({ wrapped_lookup: lookup }) => lookup),
      ],
    );
    return rows.length;
  }

  private async rewrap(row: Row): Promise<Row> {
    const { tenant, generation, wrapped_previous: previous } = row;
    const again = async (wrapped: string, aad: string): Promise<string> =>
      this.rootKeys.wrap(await this.rootKeys.unwrap(wrapped, aad), aad);
    return {
      ...row,
      wrapped_key: await again(row.wrapped_key, tenantKeyAad(tenant, generation)),
      wrapped_previous: previous === null ? null : await again(previous, tenantKeyAad(tenant, generation - 1)),
      wrapped_lookup: await again(row.wrapped_lookup, lookupKeyAad(tenant)),
    };
  }
}
