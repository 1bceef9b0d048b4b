import {
  type Consumed,
  type NewSingleUse,
  type Peeked,
  type Presented,
  SingleUse,
  type SingleUseKind,
  type SingleUseRefusal,
} from '../../src/application/ports/single-use.js';
import type { Instant, TenantId } from '../../src/domain/values.js';

type Code = Extract<Presented, { code: string }>;
type Kept = NewSingleUse & { triesLeft: number; revoked: boolean; consumedBy?: string };

/** Links and codes in memory, for specs of what rests on them. */
export class MemorySingleUse extends SingleUse {
  private readonly kept: Kept[] = [];

  override async put(artefact: NewSingleUse): Promise<void> {
    if (this.kept.some(({ eventId }) => eventId === artefact.eventId)) return;
    const { tenant, subject, at, kind } = artefact;
    if (!artefact.keepOlder) await this.revoke(tenant, subject, at, kind);
    for (const one of this.kept) {
      if (one.tenant === tenant && one.subject === subject && one.kind === kind) one.triesLeft = 0;
    }
    this.kept.push({ ...artefact, triesLeft: artefact.maxTries ?? 0, revoked: false });
  }

  override async consume(presented: Presented): Promise<Consumed> {
    const found = 'token' in presented ? this.byToken(presented) : this.byCode(presented);
    if (!found) return { consumed: false, ...this.#refusalOf(presented) };
    found.consumedBy = presented.commandId;
    const { eventId, subject, payload } = found;
    return { consumed: true, eventId, subject, payload };
  }

  override async prove(presented: Code): Promise<Peeked | undefined> {
    return peeked(this.byCode(presented));
  }

  override async peek(tenant: TenantId, kind: SingleUseKind, token: string, at: Instant): Promise<Peeked | undefined> {
    return peeked(this.byToken({ tenant, kind, token, at, commandId: '' }));
  }

  override async revoke(tenant: TenantId, subject: string, _: Instant, kind?: SingleUseKind): Promise<void> {
    for (const one of this.kept) {
      const meant = one.tenant === tenant && one.subject === subject && (kind === undefined || one.kind === kind);
      if (meant && one.consumedBy === undefined) one.revoked = true;
    }
  }

  override async invalidateAll(): Promise<number> {
    for (const one of this.kept) one.revoked = true;
    return this.kept.length;
  }

  override async expire(): Promise<number> {
    return 0;
  }

  #refusalOf(presented: Presented): Readonly<{ refusal: SingleUseRefusal; subject?: string }> {
    if (!('token' in presented)) return { refusal: 'wrong-code' };
    const closed = this.kept.find(({ token, kind }) => token === presented.token && kind === presented.kind);
    if (!closed) return { refusal: 'unknown-token' };
    const { subject, consumedBy, revoked } = closed;
    return { refusal: consumedBy !== undefined ? 'token-used' : revoked ? 'token-revoked' : 'token-expired', subject };
  }

  private byToken({ tenant, kind, token, at, commandId }: Extract<Presented, { token: string }>): Kept | undefined {
    return this.kept.find(
      (one) =>
        one.tenant === tenant &&
        one.kind === kind &&
        one.token === token &&
        (one.consumedBy === commandId || (isOpen(one) && one.expiresAt > at)),
    );
  }

  /** A wrong code costs a try. */
  private byCode({ tenant, kind, subject, code, at, commandId }: Code): Kept | undefined {
    const asked = this.kept.filter((one) => one.tenant === tenant && one.kind === kind && one.subject === subject);
    const repeated = asked.find((one) => one.consumedBy === commandId && one.code === code);
    const open = asked.find((one) => isOpen(one) && (one.codeExpiresAt ?? one.at) > at && one.triesLeft > 0);
    if (repeated || !open) return repeated;
    if (open.code === code) return open;
    open.triesLeft--;
    return undefined;
  }
}

const peeked = (found: Kept | undefined): Peeked | undefined =>
  found && { eventId: found.eventId, subject: found.subject, payload: found.payload, expiresAt: found.expiresAt };

const isOpen = ({ consumedBy, revoked }: Kept): boolean => consumedBy === undefined && !revoked;
