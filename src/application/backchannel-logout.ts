import {
  type Instant,
  plusSeconds,
  type SessionId,
  type TenantId,
  type UserId,
  numericDate,
} from '../domain/values.js';
import type { Issuers } from './issuers.js';
import { backOff } from './notifications/back-off.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext } from './ports/event-log.js';
import type { DueNotice, LogoutNotices } from './ports/logout-notices.js';
import { NotFetched, type OutboundHttp } from './ports/outbound-http.js';
import type { DescribedClient, SecurityRows } from './ports/security-rows.js';
import type { SigningKeyRing } from './signing-keys.js';
import type { Tenants } from './tenants.js';

/** A day: by then the client's own session has ended. */
const worthSeconds = 86_400;
/** Longer than a try takes. */
const hiddenSeconds = 60;
/** "exp … it is RECOMMENDED that … two minutes or less" (Back-Channel Logout 1.0 section 2.4). */
const tokenSeconds = 120;

const event = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * Tells the applications of a session that it is over (OpenID Connect Back-Channel Logout 1.0). What is to be told stands before the
 * session ends, so that no crash in between keeps it from anybody.
 */
export class BackchannelLogout {
  constructor(
    private readonly notices: LogoutNotices,
    private readonly rows: SecurityRows,
    private readonly tenants: Tenants,
    private readonly keys: SigningKeyRing,
    private readonly issuers: Issuers,
    private readonly outbound: OutboundHttp,
    private readonly entropy: Entropy,
  ) {}

  /** Sends what is due; returns how many were taken. What fails is tried again. */
  async deliverDue(at: Instant): Promise<number> {
    let taken = 0;
    for (;;) {
      const notice = await this.notices.take(at, plusSeconds(at, hiddenSeconds));
      if (!notice) return taken;
      taken += await this.#deliver(notice, at);
    }
  }

  async #deliver(notice: DueNotice, at: Instant): Promise<number> {
    const row = await this.rows.client(notice.tenant, notice.client);
    const uri = row?.status === 'enabled' ? row.metadata?.backchannelLogoutUri : undefined;
    if (!row || uri === undefined || at >= notice.expiresAt) {
      await this.notices.end(notice);
      return 0;
    }
    try {
      await this.outbound.form(uri, { logout_token: await this.#token(notice, row, at) });
    } catch (error) {
      if (!(error instanceof NotFetched)) throw error;
      const [draw = 0] = this.entropy.bytes(1);
      await this.notices.postpone(notice, plusSeconds(at, backOff(notice.attempts, draw / 256)));
      return 0;
    }
    await this.notices.end(notice);
    return 1;
  }

  /** Section 2.4; there is no `nonce` in it, so that it can never be taken for an ID token. */
  async #token({ tenant, client, user, session }: DueNotice, row: DescribedClient, at: Instant): Promise<string> {
    const { slug } = await this.tenants.policy(tenant);
    const key = await this.keys.currentOrFirst(this.#context(tenant, at), row.metadata?.idTokenAlgorithm ?? 'ES256');
    const iat = numericDate(at);
    return this.keys.sign(key, 'logout+jwt', {
      iss: this.issuers.of(slug),
      sub: user,
      sid: session,
      aud: client,
      iat,
      exp: iat + tokenSeconds,
      jti: this.entropy.uuid(),
      events: { [event]: {} },
    });
  }

  #context(tenant: TenantId, at: Instant): CommandContext {
    const commandId = this.entropy.uuid();
    return { tenant, actor: { kind: 'system', id: 'backchannel-logout' }, commandId, correlationId: commandId, at };
  }
}

/** Puts down whom the end of a session concerns. */
export class LogoutAnnouncements {
  constructor(
    private readonly notices: LogoutNotices,
    private readonly rows: SecurityRows,
    private readonly entropy: Entropy,
  ) {}

  async announce({ tenant, at }: CommandContext, user: UserId, session: SessionId): Promise<void> {
    const clients = await this.rows.clientsOf(tenant, session);
    const described = await Promise.all(
      clients.map(async (client) => ({ client, row: await this.rows.client(tenant, client) })),
    );
    const concerned = described.filter(({ row }) => row?.metadata?.backchannelLogoutUri !== undefined);
    const expiresAt = plusSeconds(at, worthSeconds);
    await this.notices.put(
      concerned.map(({ client }) => {
        const id = this.entropy.derived(session, `logout:${client}`);
        return { id, tenant, client, user, session, expiresAt };
      }),
      at,
    );
  }
}
