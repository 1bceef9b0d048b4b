import type pg from 'pg';
import { MessageLimits } from '../application/ports/message-limits.js';
import type { Instant, TenantId } from '../domain/values.js';

/** One row per recipient: when the messages of the last hour were asked for. */
const takeQuery = `
  INSERT INTO message_limits AS l (tenant, recipient, sent_at, expires_at)
  VALUES ($1, $2, ARRAY[$4::timestamptz], $4::timestamptz + interval '1 hour')
  ON CONFLICT (tenant, recipient) DO UPDATE
     SET sent_at = array(SELECT t FROM unnest(l.sent_at) AS t WHERE t > $4::timestamptz - interval '1 hour') || $4::timestamptz,
         expires_at = excluded.expires_at
   WHERE (SELECT count(*) FROM unnest(l.sent_at) AS t WHERE t > $4::timestamptz - interval '1 hour') < $3
  RETURNING 1`;

export class PostgresMessageLimits extends MessageLimits {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async take(tenant: TenantId, recipient: string, perHour: number, at: Instant): Promise<boolean> {
    if (perHour < 1) return false;
    const { rowCount } = await this.pool.query({
      name: 'message-limit',
      text: takeQuery,
      values: [tenant, recipient, perHour, at],
    });
    return rowCount === 1;
  }

  async expire(before: Instant): Promise<number> {
    const { rowCount } = await this.pool.query('DELETE FROM message_limits WHERE expires_at < $1', [before]);
    return rowCount ?? 0;
  }
}
