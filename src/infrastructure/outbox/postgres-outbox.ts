import type pg from 'pg';
import type { Channel, NotificationKind } from '../../application/notifications/kinds.js';
import { longestSeconds } from '../../application/notifications/proofs.js';
import {
  type Backlog,
  type ContentGone,
  type Ending,
  type MessageContent,
  Outbox,
  type OutboxMessageId,
  type WaitingMessage,
} from '../../application/ports/outbox.js';
import { KeyMissing, SealBroken, type Vault } from '../../application/ports/vault.js';
import { type Instant, instant, plusSeconds, type TenantId, type UserId } from '../../domain/values.js';
import { openContent, type Place } from './sealed-content.js';

type TakenRow = Readonly<{
  id: OutboxMessageId;
  tenant: TenantId;
  subject: UserId;
  kind: NotificationKind;
  channel: Channel;
  attempts: number;
  expires_at: Date;
  content: string;
}>;

/** The lock skips what others are taking; whoever comes later finds the message hidden. */
const takeOne = `
  update outbox_messages taken set attempts = attempts + 1, next_attempt_at = $2
   where id = (
     select candidate.id from outbox_messages candidate
      where candidate.status = 'waiting' and candidate.next_attempt_at <= $1
        and candidate.sequence = (
          select min(oldest.sequence) from outbox_messages oldest
           where oldest.lane = candidate.lane and oldest.status = 'waiting')
      order by candidate.next_attempt_at, candidate.sequence
      limit 1 for update skip locked)
  returning id, tenant, subject, kind, channel, attempts, expires_at, content`;

const endOne = `
  update outbox_messages set status = $2, ended_at = $3, reason = $4, content = null, lane = null
   where id = $1 and status = 'waiting'`;

/** The number of the try is its fencing token: a try that slept through its time must not disturb the next one. */
const postponeOne = `
  update outbox_messages set next_attempt_at = $2, reason = $3 where id = $1 and attempts = $4 and status = 'waiting'`;

/** A message behind another one to the same address is not due, whatever its own time says. */
const nextDue = {
  name: 'outbox_next_due',
  text: `
  select extract(epoch from greatest(next_attempt_at, 'epoch')) * 1000 as due from outbox_messages waiting
   where status = 'waiting' and not exists (
     select from outbox_messages older
      where older.lane = waiting.lane and older.status = 'waiting' and older.sequence < waiting.sequence)
   order by next_attempt_at limit 1`,
};

export class PostgresOutbox extends Outbox {
  constructor(
    private readonly pool: pg.Pool,
    private readonly vault: Vault,
  ) {
    super();
  }

  async take(now: Instant, hiddenUntil: Instant): Promise<WaitingMessage | undefined> {
    const { rows } = await this.pool.query<TakenRow>(takeOne, [now, hiddenUntil]);
    const [row] = rows;
    if (!row) return undefined;

    const { id, tenant, subject: user, kind, channel, attempts } = row;
    const content = await this.open({ id, tenant, user }, row.content);
    return { id, tenant, user, kind, channel, attempts, expiresAt: instant(row.expires_at.getTime()), content };
  }

  private async open(place: Place, sealed: string): Promise<MessageContent | ContentGone> {
    try {
      return (await openContent(this.vault, place, sealed)) ?? 'erased';
    } catch (error) {
      if (error instanceof SealBroken || error instanceof KeyMissing) return 'damaged';
      throw error;
    }
  }

  async end({ id }: WaitingMessage, ending: Ending, at: Instant, reason?: string): Promise<void> {
    await this.pool.query(endOne, [id, ending, at, reason ?? null]);
  }

  async postpone({ id, attempts }: WaitingMessage, at: Instant, reason: string): Promise<void> {
    await this.pool.query(postponeOne, [id, at, reason, attempts]);
  }

  async nextDue(): Promise<Instant | undefined> {
    const { rows } = await this.pool.query<{ due: string }>(nextDue);
    return rows[0] && instant(Number(rows[0].due));
  }

  async backlog(): Promise<Backlog> {
    const { rows } = await this.pool.query<Backlog>(
      `select count(*)::integer as waiting,
              coalesce(extract(epoch from now() - min(created_at)), 0)::real as "oldestSeconds"
         from outbox_messages where status = 'waiting'`,
    );
    return rows[0] ?? { waiting: 0, oldestSeconds: 0 };
  }

  async expire(now: Instant): Promise<number> {
    const before = plusSeconds(now, -3 * longestSeconds);
    const messages = await this.pool.query('delete from outbox_messages where ended_at < $1', [before]);
    const events = await this.pool.query('delete from outbox_events where recorded_at < $1', [before]);
    return (messages.rowCount ?? 0) + (events.rowCount ?? 0);
  }

  async forget(tenant: TenantId, user: UserId): Promise<void> {
    await this.pool.query('delete from outbox_messages where tenant = $1 and subject = $2', [tenant, user]);
    await this.pool.query('delete from development_mailbox where tenant = $1 and subject = $2', [tenant, user]);
  }
}
