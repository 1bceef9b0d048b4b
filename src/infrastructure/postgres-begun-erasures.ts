import type pg from 'pg';
import { type BegunErasure, BegunErasures } from '../application/ports/begun-erasures.js';
import type { TenantId, UserId } from '../domain/values.js';

export class PostgresBegunErasures extends BegunErasures {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async begin(tenant: TenantId, user: UserId): Promise<void> {
    await this.pool.query('insert into begun_erasures (tenant, subject) values ($1, $2) on conflict do nothing', [
      tenant,
      user,
    ]);
  }

  async end(tenant: TenantId, user: UserId): Promise<void> {
    await this.pool.query('delete from begun_erasures where tenant = $1 and subject = $2', [tenant, user]);
  }

  async list(max: number): Promise<readonly BegunErasure[]> {
    const { rows } = await this.pool.query<BegunErasure>(
      `select tenant, subject as user, begun_at < clock_timestamp() - interval '1 hour' as "isOld"
         from begun_erasures order by begun_at limit $1`,
      [max],
    );
    return rows;
  }
}
