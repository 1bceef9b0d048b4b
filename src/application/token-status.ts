import { grant } from '../domain/grant/grant.js';
import { standing } from '../domain/session/standing.js';
import { token as tokenStream } from '../domain/token/token.js';
import { type ClientId, instant, milliseconds, plusSeconds } from '../domain/values.js';
import type { AccessTokens } from './access-tokens.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { RefreshTokens } from './refresh-tokens.js';
import type { Steps } from './steps.js';
import type { Transactor } from './transactor.js';

/** RFC 7662 section 2.2. Everything that is not alive, or not for the caller to see, is just inactive. */
export type Introspection =
  | Readonly<{ active: false }>
  | Readonly<{
      active: true;
      token_type: 'Bearer' | 'refresh_token';
      iss?: string;
      sub: string;
      aud?: string;
      client_id: string;
      scope: string;
      iat?: number;
      exp: number;
      jti?: string;
      sid: string;
    }>;

type Tenant = Readonly<{ id: CommandContext['tenant']; slug: string }>;

const inactive = { active: false } as const;
const seconds = (at: Parameters<typeof milliseconds>[0]): number => Math.floor(milliseconds(at) / 1000);

/** Says whether tokens are alive (RFC 7662) and ends them before their time (RFC 7009). */
export class TokenStatus {
  constructor(
    private readonly transactor: Transactor,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly rows: SecurityRows,
    private readonly steps: Steps,
  ) {}

  async introspect(tenant: Tenant, token: string, at: CommandContext['at']): Promise<Introspection> {
    const checked = await this.accessTokens.check(tenant, token, at);
    if (!('failure' in checked)) {
      const { issuer, user, client, scope, issuedAt, expiresAt, session } = checked;
      return {
        active: true,
        token_type: 'Bearer',
        iss: issuer,
        sub: user,
        aud: issuer,
        client_id: client,
        scope: scope.join(' '),
        iat: issuedAt,
        exp: expiresAt,
        jti: checked.token,
        sid: session,
      };
    }
    return checked.failure === 'malformed' ? this.#introspectRefresh(tenant, token, at) : inactive;
  }

  /** Ends the token; a refresh token takes its grant along. Unknown and foreign tokens are no error (RFC 7009 section 2.2). */
  async revoke(
    context: CommandContext,
    tenant: Tenant,
    client: ClientId,
    token: string,
  ): Promise<Position | undefined> {
    const { at } = context;
    const access = await this.accessTokens.read(tenant, token);
    if (access) {
      if (access.client !== client) return undefined;
      const { position } = await this.transactor.transact(tokenStream, access.token, this.steps.of(context, 'token'), {
        type: 'RevokeToken',
        user: access.user,
        expiresAt: instant(access.expiresAt * 1000),
        at,
      });
      return position;
    }
    const refresh = await this.refreshTokens.read(tenant.id, token);
    if (!refresh) return undefined;
    const { state } = await this.transactor.load(grant, tenant.id, refresh.grant);
    if (state.status !== 'active' || state.client !== client) return undefined;
    const { position } = await this.transactor.transact(grant, refresh.grant, this.steps.of(context, 'grant'), {
      type: 'RevokeGrant',
      reason: 'revoked',
      at,
    });
    return position;
  }

  async #introspectRefresh(tenant: Tenant, token: string, at: CommandContext['at']): Promise<Introspection> {
    const content = await this.refreshTokens.read(tenant.id, token);
    if (!content) return inactive;
    const { state } = await this.transactor.load(grant, tenant.id, content.grant);
    if (state.status !== 'active' || state.generation !== content.generation) return inactive;
    const { user, session, client, scope } = state;
    const facts = await this.rows.standing(tenant.id, { user, session, client, grant: content.grant, token: '' });
    if (at >= state.expiresAt || standing(facts, at) !== 'alive') return inactive;
    const idleUntil = plusSeconds(state.refreshedAt, state.idleSeconds);
    return {
      active: true,
      token_type: 'refresh_token',
      sub: user,
      client_id: client,
      scope: scope.join(' '),
      iat: seconds(state.refreshedAt),
      exp: seconds(idleUntil < state.expiresAt ? idleUntil : state.expiresAt),
      sid: session,
    };
  }
}
