import type pg from 'pg';
import {
  type Consumed,
  type NewSingleUse,
  type Peeked,
  type Presented,
  SingleUse,
  type SingleUseKind,
  type SingleUseRefusal,
} from '../application/ports/single-use.js';
import type { Vault } from '../application/ports/vault.js';
import { type Instant, instant, type TenantId } from '../domain/values.js';
import {
  codeMac,
  openPayload,
  type SealedSingleUse,
  type StoredPayload,
  seal,
  tokenHash,
} from './sealed-single-use.js';
import * as statements from './single-use-statements.js';

type Row = StoredPayload & { expires_at: Date };
type JudgedRow = Row & { matches: boolean; tries_left: number };
type Token = Extract<Presented, { token: string }>;
type Code = Extract<Presented, { code: string }>;

export class PostgresSingleUse extends SingleUse {
  constructor(
    private readonly pool: pg.Pool,
    private readonly vault: Vault,
  ) {
    super();
  }

  async put(artefact: NewSingleUse): Promise<void> {
    const sealed = await seal(this.vault, artefact);
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await insertSingleUse(client, sealed);
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async consume(presented: Presented): Promise<Consumed> {
    return 'token' in presented ? this.consumeToken(presented) : this.consumeCode(presented);
  }

  async prove({ tenant, kind, subject, code, commandId, at }: Code): Promise<Peeked | undefined> {
    const mac = await codeMac(this.vault, { tenant, kind, subject, code });
    const { rows } = await this.pool.query<Row & { matches: boolean }>(statements.judgeCode, [
      ...[tenant, kind, subject],
      ...[mac, commandId, at],
    ]);
    return this.peeked(
      tenant,
      kind,
      rows.find(({ matches }) => matches),
    );
  }

  async peek(tenant: TenantId, kind: SingleUseKind, token: string, at: Instant): Promise<Peeked | undefined> {
    const { rows } = await this.pool.query<Row>(statements.openToken, [tenant, kind, tokenHash(token), at]);
    return this.peeked(tenant, kind, rows[0]);
  }

  async revoke(tenant: TenantId, subject: string, at: Instant, kind?: SingleUseKind): Promise<void> {
    if (kind === undefined) await this.pool.query(statements.revokeSubject, [tenant, subject, at]);
    else await this.pool.query(statements.revokeKind, [tenant, kind, subject, at]);
  }

  async invalidateAll(at: Instant): Promise<number> {
    return (await this.pool.query(statements.revokeAll, [at])).rowCount ?? 0;
  }

  async expire(before: Instant): Promise<number> {
    return (await this.pool.query(statements.deleteEnded, [before])).rowCount ?? 0;
  }

  private async peeked(tenant: TenantId, kind: SingleUseKind, row: Row | undefined): Promise<Peeked | undefined> {
    const payload = row && (await openPayload(this.vault, tenant, kind, row));
    if (!row || !payload) return undefined;
    const { event_id: eventId, subject, expires_at } = row;

    return { eventId, subject, payload, expiresAt: instant(expires_at.getTime()) };
  }

  private async consumeToken({ tenant, kind, token, commandId, at }: Token): Promise<Consumed> {
    const key = [tenant, kind, tokenHash(token)];
    const { rows } = await this.pool.query<Row>(statements.consumeToken, [...key, commandId, at]);
    if (rows[0]) return this.consumed(tenant, kind, rows[0], 'token-revoked');
    const { rows: closed } = await this.pool.query<{ used: boolean; revoked: boolean; subject: string }>(
      statements.whyNot,
      key,
    );

    return { consumed: false, refusal: refusalOf(closed[0]), ...(closed[0] && { subject: closed[0].subject }) };
  }

  private async consumeCode({ tenant, kind, subject, code, commandId, at }: Code): Promise<Consumed> {
    const mac = await codeMac(this.vault, { tenant, kind, subject, code });
    const { rows } = await this.pool.query<JudgedRow>(statements.consumeCode, [
      tenant,
      kind,
      subject,
      mac,
      commandId,
      at,
    ]);
    const right = rows.find(({ matches }) => matches);
    if (right) return this.consumed(tenant, kind, right, 'wrong-code');

    return { consumed: false, refusal: 'wrong-code', triesLeft: rows[0]?.tries_left ?? 0 };
  }

  /** What belongs to a person who was erased since does nothing any more. */
  private async consumed(
    tenant: TenantId,
    kind: SingleUseKind,
    row: Row,
    otherwise: SingleUseRefusal,
  ): Promise<Consumed> {
    const payload = await openPayload(this.vault, tenant, kind, row);
    if (!payload) return { consumed: false, refusal: otherwise };

    return { consumed: true, eventId: row.event_id, subject: row.subject, payload };
  }
}

/** Stores an artefact within the caller's transaction, which may store the message that carries it as well. */
export async function insertSingleUse(client: pg.ClientBase, sealed: SealedSingleUse): Promise<void> {
  const { tenant, kind, eventId, subject, code, expiresAt, at } = sealed;
  await client.query(statements.lockSubject, [`${tenant}|${kind}|${subject}`]);
  const { rowCount } = await client.query(statements.isKnown, [tenant, kind, eventId]);
  if (rowCount) return;
  const ending = sealed.keepOlder ? statements.endCodes : statements.revokeKind;
  await client.query(ending, [tenant, kind, subject, at]);
  await client.query(statements.insert, [
    ...[tenant, kind, eventId, subject, sealed.tokenHash],
    ...[code?.mac, code?.expiresAt, code?.tries],
    ...[sealed.payload, sealed.sealedFor, expiresAt, at],
  ]);
}

function refusalOf(row: { used: boolean; revoked: boolean } | undefined): SingleUseRefusal {
  if (!row) return 'unknown-token';
  if (row.used) return 'token-used';

  return row.revoked ? 'token-revoked' : 'token-expired';
}
