import type pg from 'pg';
import { type ApiKeyRow, ApiKeyRows } from '../application/ports/api-key-rows.js';
import type { ApiKeyOwner } from '../domain/api-key/api-key.js';
import type { ApiKeyId, ClientId, Instant, TenantId, UserId } from '../domain/values.js';
import { apiKeySecurity } from '../projections/inline/api-key-security.js';
import { clientSecurity } from '../projections/inline/client-security.js';
import { tenantSecurity } from '../projections/inline/tenant-security.js';
import { userSecurity } from '../projections/inline/user-security.js';
import { tableName } from '../projections/projection.js';

type Row = {
  status: string;
  owner_kind: ApiKeyOwner['kind'] | null;
  owner_id: string | null;
  digest: string | null;
  previous_digest: string | null;
  previous_until: Date | null;
  scopes: string[] | null;
  addresses: string[] | null;
  expires_at: Date | null;
  owner_acts: boolean | null;
  administrator: boolean | null;
};

/** A missing row of tenant, person or client acts for nobody. */
const findQuery = `
  SELECT k.status, k.owner_kind, k.owner_id, k.digest, k.previous_digest, k.previous_until, k.scopes, k.addresses, k.expires_at,
         t.status = 'active' AND CASE k.owner_kind WHEN 'user' THEN u.status = 'active'
                                                   WHEN 'client' THEN c.status = 'enabled'
                                                   ELSE true END AS owner_acts,
         u.administrator
    FROM ${tableName(apiKeySecurity)} k
    LEFT JOIN ${tableName(tenantSecurity)} t ON t.key = $1::text || '_' || $1::text
    LEFT JOIN ${tableName(userSecurity)} u ON k.owner_kind = 'user' AND u.key = $1::text || '_' || k.owner_id
    LEFT JOIN ${tableName(clientSecurity)} c ON k.owner_kind = 'client' AND c.key = $1::text || '_' || k.owner_id
   WHERE k.key = $1::text || '_' || $2::text`;

const iso = (date: Date): Instant => date.toISOString() as Instant;

const owners: Readonly<Record<ApiKeyOwner['kind'], (id: string) => ApiKeyOwner>> = {
  user: (id) => ({ kind: 'user', id: id as UserId }),
  client: (id) => ({ kind: 'client', id: id as ClientId }),
  tenant: () => ({ kind: 'tenant' }),
};

export class PostgresApiKeyRows extends ApiKeyRows {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async find(tenant: TenantId, key: ApiKeyId): Promise<ApiKeyRow | undefined> {
    const { rows } = await this.pool.query<Row>({ name: 'api-key', text: findQuery, values: [tenant, key] });
    const [row] = rows;
    if (!row?.owner_kind || row.digest === null) return undefined;
    return {
      status: row.status,
      owner: owners[row.owner_kind](row.owner_id ?? ''),
      digest: row.digest,
      ...(row.previous_digest !== null &&
        row.previous_until && { previous: { digest: row.previous_digest, until: iso(row.previous_until) } }),
      scopes: row.scopes ?? [],
      addresses: row.addresses ?? [],
      ...(row.expires_at && { expiresAt: iso(row.expires_at) }),
      ownerActs: row.owner_acts ?? false,
      administrator: row.administrator ?? false,
    };
  }

  async ofOwner(tenant: TenantId, owner: ApiKeyOwner): Promise<readonly ApiKeyId[]> {
    const { rows } = await this.pool.query<{ id: ApiKeyId }>({
      name: 'api-keys-of',
      text: `SELECT id FROM ${tableName(apiKeySecurity)}
              WHERE tenant = $1 AND owner_kind = $2 AND owner_id IS NOT DISTINCT FROM $3 AND status = 'active' ORDER BY id LIMIT 1000`,
      values: [tenant, owner.kind, owner.kind === 'tenant' ? null : owner.id],
    });
    return rows.map(({ id }) => id);
  }
}
