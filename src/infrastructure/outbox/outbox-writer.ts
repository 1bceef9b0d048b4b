import type pg from 'pg';
import type { NewMessage, OutboxEntry, OutboxMessageId } from '../../application/ports/outbox.js';
import type { Vault } from '../../application/ports/vault.js';
import { insertSingleUse } from '../postgres-single-use.js';
import { type SealedSingleUse, seal as sealSingleUse } from '../sealed-single-use.js';
import { uuidV5 } from '../uuid.js';
import { laneOf, sealContent } from './sealed-content.js';
import { inTransaction } from '../transaction.js';

/** The steps of one entry, in order; a crash after any of them must lose and double nothing. */
export type RecordPoint = 'sealed' | 'begun' | 'recorded' | 'committed';
/** Called at every step; throws or kills in tests of faults. */
export type RecordFaults = (point: RecordPoint, event: string) => void;

/** Something else that happens in the same transaction, or not at all. */
export type Within = (client: pg.ClientBase) => Promise<void>;

type Row = Readonly<{
  id: OutboxMessageId;
  kind: string;
  channel: string;
  lane: string;
  content: string;
  expires_at: string;
}>;

type SealedEntry = Readonly<{ proof?: SealedSingleUse; rows: readonly Row[] }>;

const insertEvent = `
  insert into outbox_events (event_id, tenant, subject, outcome) values ($1, $2, $3, $4)
  on conflict (event_id) do nothing`;

/** In the order of the list: the sequence decides which of two messages to one address goes first. */
const insertMessages = `
  insert into outbox_messages (id, event_id, tenant, subject, kind, channel, lane, content, next_attempt_at, expires_at)
  select row.id, $1, $2, $3, row.kind, row.channel, row.lane, row.content, '-infinity', row.expires_at
    from json_to_recordset($4)
      as row (id uuid, kind text, channel text, lane text, content text, expires_at timestamptz)`;

/**
 * Puts into the outbox what an event causes: the proof, the messages and whatever moves with them in one transaction.
 */
export class OutboxWriter {
  constructor(
    private readonly pool: pg.Pool,
    private readonly vault: Vault,
    private readonly faults: RecordFaults = () => undefined,
  ) {}

  /**
   * Again, or by two at once, adds nothing, whatever the entry says by then; `within` happens all the same.
   * @returns false where the event had been recorded before
   * @throws KeyMissing where the person's key was destroyed, and what `within` throws; then nothing was written
   */
  async record(entry: OutboxEntry, within: Within): Promise<boolean> {
    const sealed = await this.seal(entry);
    this.faults('sealed', entry.event);

    const fresh = await inTransaction(this.pool, async (client) => {
      this.faults('begun', entry.event);
      await within(client);
      const inserted = await this.insert(client, entry, sealed);
      this.faults('recorded', entry.event);
      return inserted;
    });
    this.faults('committed', entry.event);
    return fresh;
  }

  private async insert(client: pg.ClientBase, entry: OutboxEntry, { proof, rows }: SealedEntry): Promise<boolean> {
    const { event, tenant, user, outcome } = entry;
    const { rowCount } = await client.query(insertEvent, [event, tenant, user, outcome]);
    if (rowCount !== 1) return false;
    if (proof) await insertSingleUse(client, proof);
    if (rows.length > 0) await client.query(insertMessages, [event, tenant, user, JSON.stringify(rows)]);
    return true;
  }

  private async seal(entry: OutboxEntry): Promise<SealedEntry> {
    if (entry.outcome === 'expired') return { rows: [] };
    const rows = await Promise.all(entry.messages.map((message, index) => this.row(entry, message, index)));
    return { rows, ...(entry.proof && { proof: await sealSingleUse(this.vault, entry.proof) }) };
  }

  private async row({ event, tenant, user }: OutboxEntry, message: NewMessage, index: number): Promise<Row> {
    const { kind, channel, content, expiresAt } = message;
    const id = uuidV5(event, `message ${index}`) as OutboxMessageId;
    const [sealed, lane] = await Promise.all([
      sealContent(this.vault, { id, tenant, user }, content),
      laneOf(this.vault, tenant, channel, content.to),
    ]);
    return { id, kind, channel, lane, content: sealed, expires_at: expiresAt };
  }
}
