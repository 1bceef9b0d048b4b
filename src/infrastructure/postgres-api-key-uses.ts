import type pg from 'pg';
import { type ApiKeyUse, ApiKeyUses, type UnnotedUse } from '../application/ports/api-key-uses.js';
import type { OperatorLog } from '../application/ports/operator-log.js';
import type { ApiKeyId, Instant, TenantId } from '../domain/values.js';

type NotedUse = Readonly<{ tenant: TenantId; key: ApiKeyId; count: number; lastAt: Instant }>;

/** Milliseconds between two writes of what was counted. */
const every = 1_000;
/** Keys counted before they are written early, so that memory has a limit. */
const most = 10_000;

const iso = (date: Date): Instant => date.toISOString() as Instant;

export class PostgresApiKeyUses extends ApiKeyUses {
  private counted = new Map<string, NotedUse>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: pg.Pool,
    private readonly log: OperatorLog,
  ) {
    super();
  }

  note(tenant: TenantId, key: ApiKeyId, at: Instant): void {
    const name = `${tenant}_${key}`;
    const count = (this.counted.get(name)?.count ?? 0) + 1;
    this.counted.set(name, { tenant, key, count, lastAt: at });
    if (this.counted.size >= most) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), every);
  }

  async settled(): Promise<void> {
    this.flush();
    await this.writing;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const uses = [...this.counted.values()];
    this.counted = new Map();
    if (uses.length === 0) return;
    this.writing = this.writing
      .then(() => this.write(uses))
      // What cannot be counted is no reason to refuse anything.
      .catch((error: unknown) => this.log.warn('api-key-use-not-counted', { keys: uses.length }, error));
  }

  async of(tenant: TenantId, keys: readonly ApiKeyId[]): Promise<ReadonlyMap<ApiKeyId, ApiKeyUse>> {
    const { rows } = await this.pool.query<{ key: ApiKeyId; count: string; last_at: Date }>({
      name: 'api-key-uses',
      text: 'SELECT key, count, last_at FROM api_key_uses WHERE tenant = $1 AND key = ANY ($2::uuid[])',
      values: [tenant, keys],
    });
    return new Map(rows.map(({ key, count, last_at }) => [key, { count: Number(count), lastAt: iso(last_at) }]));
  }

  private async write(uses: readonly NotedUse[]): Promise<void> {
    await this.pool.query({
      name: 'note-api-key-uses',
      text: `INSERT INTO api_key_uses AS u (tenant, key, count, first_at, last_at)
             SELECT tenant, key, count, last_at, last_at
               FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::timestamptz[]) AS n(tenant, key, count, last_at) ORDER BY 1, 2
             ON CONFLICT (tenant, key) DO UPDATE SET count = u.count + excluded.count, last_at = greatest(u.last_at, excluded.last_at)`,
      values: [
        uses.map(({ tenant }) => tenant),
        uses.map(({ key }) => key),
        uses.map(({ count }) => count),
        uses.map(({ lastAt }) => lastAt),
      ],
    });
  }

  async take(before: Instant, max: number): Promise<readonly UnnotedUse[]> {
    const { rows } = await this.pool.query<{
      tenant: TenantId;
      key: ApiKeyId;
      count: string;
      total: string;
      from: Date;
      to: Date;
    }>(
      `WITH open AS (
         SELECT tenant, key, count, noted, coalesce(noted_at, first_at) AS since FROM api_key_uses
          WHERE count > noted AND last_at <= $1 ORDER BY last_at LIMIT $2 FOR UPDATE SKIP LOCKED
       )
       UPDATE api_key_uses u SET noted = o.count, noted_at = u.last_at FROM open o
        WHERE u.tenant = o.tenant AND u.key = o.key
       RETURNING u.tenant, u.key, o.count - o.noted AS count, o.count AS total, o.since AS "from", u.last_at AS "to"`,
      [before, max],
    );
    return rows.map(({ count, total, from, to, ...named }) => ({
      ...named,
      count: Number(count),
      total: Number(total),
      from: iso(from),
      to: iso(to),
    }));
  }
}
