import { hash } from 'node:crypto';
import type pg from 'pg';
import { type UsedIdPurpose, UsedIds } from '../application/ports/used-ids.js';
import type { Instant, TenantId } from '../domain/values.js';

/** The primary key decides: a second insert changes nothing. Ids are kept as digests, since they may be of any length and hold anything. */
export class PostgresUsedIds extends UsedIds {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async use(tenant: TenantId, purpose: UsedIdPurpose, id: string, until: Instant): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'use-id',
      text: 'insert into used_ids (tenant, purpose, digest, until) values ($1, $2, $3, $4) on conflict do nothing',
      values: [tenant, purpose, hash('sha256', id, 'buffer'), until],
    });
    return rowCount === 1;
  }

  async expire(before: Instant): Promise<number> {
    return (await this.pool.query('delete from used_ids where until < $1', [before])).rowCount ?? 0;
  }
}
