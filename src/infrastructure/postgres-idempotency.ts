import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../application/ports/clock.js';
import { type Claimed, Idempotency, type KeyedRequest, type StoredAnswer } from '../application/ports/idempotency.js';
import { KeyMissing, type KeyRef, type Vault } from '../application/ports/vault.js';
import { type Instant, milliseconds, plusSeconds, type TenantId, type UserId } from '../domain/values.js';
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
      sealed = null, people = excluded.people, expires_at = excluded.expires_at
  where idempotency.expires_at <= $7
     or (idempotency.sealed is null and idempotency.leased_until <= $7 and idempotency.content = excluded.content)
  returning lease`;

const read = 'select content, leased_until, sealed, people from idempotency where tenant = $1 and command = $2';
const held = 'tenant = $1 and command = $2 and lease = $3 and sealed is null';

type Row = Readonly<{ content: Buffer; leased_until: Date; sealed: string | null; people: readonly UserId[] }>;

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
    if (row.sealed !== null) {
      const answer = await this.opened(request, row.people, row.sealed);
      return answer ? { state: 'done', answer } : this.anew(request, row.sealed);
    }
    const left = (row.leased_until.getTime() - milliseconds(now)) / 1000;
    // Most requests end long before their claim does.
    return { state: 'running', retryAfterSeconds: Math.min(2, Math.max(1, Math.ceil(left))) };
  }

  async complete(request: KeyedRequest, lease: string, answer: StoredAnswer, people: readonly UserId[]): Promise<void> {
    // Without a body it shows nobody: that something was done may be told for as long as it is kept.
    const shown = answer.body === '' ? [] : people;
    const sealed = await this.sealed(request, shown, answer);
    if (sealed === undefined) return this.release(request, lease);
    await this.pool.query(`update idempotency set sealed = $4, people = $5 where ${held}`, [
      request.tenant,
      request.record,
      lease,
      sealed,
      shown,
    ]);
  }

  async release({ tenant, record }: KeyedRequest, lease: string): Promise<void> {
    await this.pool.query(`delete from idempotency where ${held}`, [tenant, record, lease]);
  }

  async forget(tenant: TenantId, person: UserId): Promise<void> {
    // The second condition is that of the index.
    const showing = "people @> array[$2] and people <> '{}'";
    await this.pool.query(`delete from idempotency where tenant = $1 and ${showing}`, [tenant, person]);
  }

  async expire(before: Instant): Promise<number> {
    const { rowCount } = await this.pool.query('delete from idempotency where expires_at < $1', [before]);
    return rowCount ?? 0;
  }

  /** Somebody whom the answer showed was erased since: the request is as good as new. */
  private async anew(request: KeyedRequest, sealed: string): Promise<Claimed> {
    const { tenant, record } = request;
    await this.pool.query('delete from idempotency where tenant = $1 and command = $2 and sealed = $3', [
      tenant,
      record,
      sealed,
    ]);
    return this.claim(request);
  }

  /** Undefined where one of the people was erased meanwhile. */
  private async sealed(
    request: KeyedRequest,
    people: readonly UserId[],
    answer: StoredAnswer,
  ): Promise<string | undefined> {
    let text = JSON.stringify(answer);
    try {
      for (const key of keysOf(request, people)) text = await this.vault.seal(key, Buffer.from(text), aadOf(request));
    } catch (error) {
      if (error instanceof KeyMissing && error.ref.scope === 'person') return undefined;
      throw error;
    }
    return text;
  }

  /** Undefined where one of the people is erased. @throws SealBroken, and where the tenant's keys are gone */
  private async opened(
    request: KeyedRequest,
    people: readonly UserId[],
    sealed: string,
  ): Promise<StoredAnswer | undefined> {
    let text = sealed;
    for (const key of keysOf(request, people).toReversed()) {
      const clear = await this.vault.open(key, text, aadOf(request));
      if (clear === undefined && key.scope === 'person') return undefined;
      if (clear === undefined) throw new Error('the tenant of a stored answer has been removed');
      text = Buffer.from(clear).toString('utf8');
    }
    return JSON.parse(text) as StoredAnswer;
  }
}

/** From the inside out: every one of them is needed. */
const keysOf = ({ tenant }: KeyedRequest, people: readonly UserId[]): readonly KeyRef[] => [
  ...people.map((id) => ({ tenant, scope: 'person', id }) as const),
  { tenant, scope: 'tenant', id: 'idempotency' },
];
const aadOf = ({ tenant, record }: KeyedRequest): string => `idempotency|${tenant}|${record}`;
