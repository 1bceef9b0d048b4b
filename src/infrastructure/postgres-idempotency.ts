import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../application/ports/clock.js';
import { type Claimed, Idempotency, type KeyedRequest, type StoredAnswer } from '../application/ports/idempotency.js';
import type { Vault } from '../application/ports/vault.js';
import { type Instant, milliseconds, plusSeconds } from '../domain/values.js';
import { uuidV5 } from './uuid.js';

/** Seconds. A claim lapses when its holder has not answered for this long; an answer is repeated for a day. */
const leaseSeconds = 30;
const keptSeconds = 86_400;

/** Takes the key where it is free, where its record has ended, or where whoever held it for the same content is gone. */
const take = `
  insert into idempotency (tenant, command, content, lease, leased_until, expires_at)
  values ($1, $2, $3, $4, $5, $6)
  on conflict (tenant, command) do update
  set content = excluded.content, lease = excluded.lease, leased_until = excluded.leased_until,
      sealed = null, expires_at = excluded.expires_at
  where idempotency.expires_at <= $7
     or (idempotency.sealed is null and idempotency.leased_until <= $7 and idempotency.content = excluded.content)
  returning lease`;

const read = 'select content, leased_until, sealed from idempotency where tenant = $1 and command = $2';
const held = 'tenant = $1 and command = $2 and lease = $3 and sealed is null';

type Row = Readonly<{ content: Buffer; leased_until: Date; sealed: string | null }>;

export class PostgresIdempotency extends Idempotency {
  constructor(
    private readonly pool: pg.Pool,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {
    super();
  }

  async claim(request: KeyedRequest): Promise<Claimed> {
    const { tenant, record } = request;
    const now = this.clock.now();
    const content = Buffer.from(await this.vault.mac(tenant, 'idempotency', request.content));
    const lease = randomUUID();
    const ends = [plusSeconds(now, leaseSeconds), plusSeconds(now, keptSeconds)];
    const taken = await this.pool.query(take, [tenant, record, content, lease, ...ends, now]);
    if (taken.rows.length === 1)
      return { state: 'claimed', lease, commandId: uuidV5(record, content.toString('base64')) };

    const { rows } = await this.pool.query<Row>(read, [tenant, record]);
    const row = rows[0];
    // Released between the two statements: the key is free for the next try.
    if (row === undefined) return { state: 'running', retryAfterSeconds: 1 };
    if (!row.content.equals(content)) return { state: 'other-content' };
    if (row.sealed !== null) return { state: 'done', answer: await this.opened(request, row.sealed) };

    const left = (row.leased_until.getTime() - milliseconds(now)) / 1000;
    // Most requests end long before their claim does.
    return { state: 'running', retryAfterSeconds: Math.min(2, Math.max(1, Math.ceil(left))) };
  }

  async complete(request: KeyedRequest, lease: string, answer: StoredAnswer): Promise<void> {
    const clear = Buffer.from(JSON.stringify(answer));
    const sealed = await this.vault.seal(keyOf(request), clear, aadOf(request));
    await this.pool.query(`update idempotency set sealed = $4 where ${held}`, [
      request.tenant,
      request.record,
      lease,
      sealed,
    ]);
  }

  async release({ tenant, record }: KeyedRequest, lease: string): Promise<void> {
    await this.pool.query(`delete from idempotency where ${held}`, [tenant, record, lease]);
  }

  async expire(before: Instant): Promise<number> {
    const { rowCount } = await this.pool.query('delete from idempotency where expires_at < $1', [before]);
    return rowCount ?? 0;
  }

  /** @throws SealBroken, and where the tenant's keys are gone */
  private async opened(request: KeyedRequest, sealed: string): Promise<StoredAnswer> {
    const clear = await this.vault.open(keyOf(request), sealed, aadOf(request));
    if (clear === undefined) throw new Error('the tenant of a stored answer has been removed');

    return JSON.parse(Buffer.from(clear).toString('utf8')) as StoredAnswer;
  }
}

const keyOf = ({ tenant }: KeyedRequest) => ({ tenant, scope: 'tenant', id: 'idempotency' }) as const;
const aadOf = ({ tenant, record }: KeyedRequest): string => `idempotency|${tenant}|${record}`;
