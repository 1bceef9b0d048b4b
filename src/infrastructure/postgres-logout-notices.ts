import type pg from 'pg';
import { type DueNotice, type LogoutNotice, LogoutNotices } from '../application/ports/logout-notices.js';
import type { ClientId, Instant, SessionId, TenantId, UserId } from '../domain/values.js';

type Row = {
  id: string;
  tenant: TenantId;
  client: ClientId;
  user_id: UserId;
  session: SessionId;
  attempts: number;
  expires_at: Date;
};

export class PostgresLogoutNotices extends LogoutNotices {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async put(notices: readonly LogoutNotice[], at: Instant): Promise<void> {
    if (notices.length === 0) return;
    await this.pool.query({
      name: 'put-logout-notices',
      text: `insert into logout_notices (id, tenant, client, user_id, session, next_attempt_at, expires_at)
             select row.id, row.tenant, row.client, row."user", row.session, $2, row."expiresAt"
               from json_to_recordset($1)
                 as row (id uuid, tenant text, client text, "user" text, session text, "expiresAt" timestamptz)
             on conflict (id) do nothing`,
      values: [JSON.stringify(notices), at],
    });
  }

  async take(at: Instant, hiddenUntil: Instant): Promise<DueNotice | undefined> {
    const { rows } = await this.pool.query<Row>({
      name: 'take-logout-notice',
      text: `update logout_notices set attempts = attempts + 1, next_attempt_at = $2
              where id = (select id from logout_notices where next_attempt_at <= $1
                           order by next_attempt_at limit 1 for update skip locked)
             returning *`,
      values: [at, hiddenUntil],
    });
    const [row] = rows;
    if (!row) return undefined;
    const { id, tenant, client, user_id: user, session, attempts, expires_at: end } = row;
    return { id, tenant, client, user, session, attempts, expiresAt: end.toISOString() as Instant };
  }

  /** Nothing where another try has begun since. */
  async postpone({ id, attempts }: DueNotice, at: Instant): Promise<void> {
    const text = 'update logout_notices set next_attempt_at = $3 where id = $1 and attempts = $2';
    await this.pool.query({ name: 'postpone-logout-notice', text, values: [id, attempts, at] });
  }

  async end({ id }: DueNotice): Promise<void> {
    await this.pool.query({
      name: 'end-logout-notice',
      text: 'delete from logout_notices where id = $1',
      values: [id],
    });
  }
}
