import { grant } from '../domain/grant/grant.js';
import { session } from '../domain/session/session.js';
import { standing } from '../domain/session/standing.js';
import type { GrantId, Instant, SessionId, TenantId, UserId } from '../domain/values.js';
import { equalInConstantTime } from './constant-time.js';
import { CommandRejected } from './command-rejected.js';
import type { CommandContext } from './ports/event-log.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { Steps } from './steps.js';
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
    private readonly steps: Steps,
  ) {}

  async cookie(tenant: TenantId, grant: GrantId): Promise<string> {
    const mac = await this.vault.mac(tenant, 'browser-session.v1', grant);
    return `annal_bs_${grant}.${Buffer.from(mac).toString('base64url')}`;
  }

  /** The idle limit counts from now on: whoever comes by is not away. */
  async used(context: CommandContext, { grant: id }: BrowserSession): Promise<void> {
    const { at } = context;
    const step = this.steps.of(context, `use:${id}`);
    await this.transactor.transact(grant, id, step, { type: 'UseGrant', at }).catch((error: unknown) => {
      // It ended in this moment: whatever is done with it next finds that out.
      if (!(error instanceof CommandRejected)) throw error;
    });
  }

  /** Undefined unless the session behind the cookie is alive. */
  async read(tenant: TenantId, cookie: string | undefined, at: Instant): Promise<BrowserSession | undefined> {
    const id = form.exec(cookie ?? '')?.[1] as GrantId | undefined;
    if (cookie === undefined || id === undefined) return undefined;
    if (!equalInConstantTime(await this.cookie(tenant, id), cookie)) return undefined;
    const { facts, owner } = await this.rows.grant(tenant, id);
    if (!owner || standing(facts, at) !== 'alive') return undefined;
    const { state } = await this.transactor.load(session, tenant, owner.session);
    if (state.status !== 'active') return undefined;
    return {
      user: owner.user,
      session: owner.session,
      grant: id,
      authenticatedAt: state.authenticatedAt,
      factors: state.factors,
    };
  }
}
