import { session } from '../domain/session/session.js';
import { standing } from '../domain/session/standing.js';
import type { GrantId, Instant, SessionId, TenantId, UserId } from '../domain/values.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { Transactor } from './transactor.js';
import type { Vault } from './ports/vault.js';

/** Who is signed in to the tenant's pages, by a cookie. */
export type BrowserSession = Readonly<{
  user: UserId;
  session: SessionId;
  grant: GrantId;
  authenticatedAt: Instant;
  factors: readonly string[];
}>;

const form = /^annal_bs_([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/;

/**
 * Browser sessions: `annal_bs_<grant>.<256 bit MAC>`, for the cookie of the tenant's pages. The grant is the service's own; the applications that
 * the person goes on to get theirs on the same session. Nothing of the cookie is stored, and the rows say each time what it is worth.
 */
export class BrowserSessions {
  constructor(
    private readonly transactor: Transactor,
    private readonly vault: Vault,
    private readonly rows: SecurityRows,
  ) {}

  async cookie(tenant: TenantId, grant: GrantId): Promise<string> {
    const mac = await this.vault.mac(tenant, 'browser-session.v1', grant);
    return `annal_bs_${grant}.${Buffer.from(mac).toString('base64url')}`;
  }

  /** Undefined unless the session behind the cookie is alive. */
  async read(tenant: TenantId, cookie: string | undefined, at: Instant): Promise<BrowserSession | undefined> {
    const grant = form.exec(cookie ?? '')?.[1] as GrantId | undefined;
    if (grant === undefined || (await this.cookie(tenant, grant)) !== cookie) return undefined;
    const { facts, owner } = await this.rows.grant(tenant, grant);
    if (!owner || standing(facts, at) !== 'alive') return undefined;
    const { state } = await this.transactor.load(session, tenant, owner.session);
    if (state.status !== 'active') return undefined;
    return {
      user: owner.user,
      session: owner.session,
      grant,
      authenticatedAt: state.authenticatedAt,
      factors: state.factors,
    };
  }
}
