import { grant } from '../domain/grant/grant.js';
import { standing } from '../domain/session/standing.js';
import { token as tokenStream } from '../domain/token/token.js';
import { type ClientId, type GrantId, type Instant, instant, type UserId, numericDate } from '../domain/values.js';
import type { AccessTokens, PresentedToken } from './access-tokens.js';
import { type ClientCredentials, type Clients, requireCaller } from './clients.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { ClientRow, SecurityRows, TokenRows } from './ports/security-rows.js';
import type { RefreshTokenContent, RefreshTokens } from './refresh-tokens.js';
import type { Steps } from './steps.js';
import { mayLearn } from './token-visibility.js';
import type { Transactor } from './transactor.js';

/** RFC 7662 section 2.2. Everything that is not alive, or not for the caller to see, is just inactive. */
export type Introspection =
  | Readonly<{ active: false }>
  | Readonly<{
      active: true;
      token_type: 'Bearer' | 'DPoP' | 'refresh_token';
      iss?: string;
      sub: string;
      aud?: string | readonly string[];
      client_id: string;
      scope: string;
      iat?: number;
      exp: number;
      jti?: string;
      sid?: string;
      /** RFC 9449 section 6.2. */
      cnf?: Readonly<{ jkt: string }>;
    }>;

type Tenant = Readonly<{ id: CommandContext['tenant']; slug: string }>;

/** A client that has proved itself already, in another way than by a secret. */
export type ProvedCaller = Readonly<{ id: ClientId; proved: true }>;

const inactive = { active: false } as const;
/** Says whether tokens are alive (RFC 7662) and ends them before their time (RFC 7009). */
export class TokenStatus {
  constructor(
    private readonly transactor: Transactor,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly rows: SecurityRows,
    private readonly clients: Clients,
    private readonly steps: Steps,
  ) {}

  /**
   * One look at the rows answers who asks and what the token is worth. No log is read.
   * @throws CommandRejected invalid-client
   */
  async introspect(
    tenant: Tenant,
    caller: ClientCredentials | ProvedCaller,
    token: string,
    at: CommandContext['at'],
  ): Promise<Introspection> {
    const access = await this.accessTokens.read(tenant, token);
    const refresh = access ? undefined : await this.refreshTokens.read(tenant.id, token);
    const [rows, digest] = await Promise.all([
      access
        ? this.rows.token(tenant.id, access, caller.id)
        : this.rows.grant(tenant.id, refresh?.grant ?? noGrant, caller.id),
      'secret' in caller ? this.clients.digest(tenant.id, caller.secret) : undefined,
    ]);
    if (digest !== undefined) requireCaller(rows.caller, digest, at);
    const asker = { id: caller.id, row: rows.caller };
    if (access) return accessToken(this.accessTokens.judge(tenant, access, rows, at), asker);
    return refresh ? refreshToken(refresh, rows, at, asker) : inactive;
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
      const ends = await this.#endsOf(tenant.id, access);
      if (ends?.client !== client) return undefined;
      const { user, expiresAt } = ends;
      const { position } = await this.transactor.transact(tokenStream, access.token, this.steps.of(context, 'token'), {
        type: 'RevokeToken',
        ...(user && { user }),
        expiresAt,
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

  /** Whose the token is and when it would end by itself. */
  async #endsOf(
    tenant: Tenant['id'],
    access: PresentedToken,
  ): Promise<Readonly<{ client: ClientId; user?: UserId; expiresAt: Instant }> | undefined> {
    if (access.kind !== 'opaque') {
      const { client, expiresAt } = access;
      return { client, ...(access.kind === 'person' && { user: access.user }), expiresAt: instant(expiresAt * 1000) };
    }
    const { state } = await this.transactor.load(tokenStream, tenant, access.token);
    return state.issued;
  }
}

const noGrant = '' as GrantId;

type Asker = Readonly<{ id: ClientId; row: ClientRow | undefined }>;

function accessToken(judged: ReturnType<AccessTokens['judge']>, asker: Asker): Introspection {
  if ('failure' in judged || !mayLearn(asker.id, asker.row, judged)) return inactive;
  const { issuer, client, scope, issuedAt, expiresAt, token, audience, boundTo } = judged;
  const [only, ...more] = audience;
  return {
    active: true,
    token_type: boundTo === undefined ? 'Bearer' : 'DPoP',
    iss: issuer,
    sub: judged.kind === 'person' ? judged.user : client,
    aud: only !== undefined && more.length === 0 ? only : audience,
    client_id: client,
    scope: scope.join(' '),
    iat: issuedAt,
    exp: expiresAt,
    jti: token,
    ...(judged.kind === 'person' && { sid: judged.session }),
    ...(boundTo !== undefined && { cnf: { jkt: boundTo } }),
  };
}

function refreshToken(
  { generation }: RefreshTokenContent,
  rows: TokenRows,
  at: CommandContext['at'],
  asker: Asker,
): Introspection {
  const { facts, grant: row, owner } = rows;
  if (!row || !owner || row.generation !== generation) return inactive;
  if (!mayLearn(asker.id, asker.row, { client: owner.client, audience: [] })) return inactive;
  if (at >= row.expiresAt || standing(facts, at) !== 'alive') return inactive;
  const idleUntil = facts.grant?.idleUntil ?? row.expiresAt;
  return {
    active: true,
    token_type: 'refresh_token',
    sub: owner.user,
    client_id: owner.client,
    scope: row.scope.join(' '),
    iat: numericDate(row.refreshedAt),
    exp: numericDate(idleUntil < row.expiresAt ? idleUntil : row.expiresAt),
    sid: owner.session,
  };
}
