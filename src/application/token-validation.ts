import { complaints } from '../domain/session/standing.js';
import { type Examined, examine, isValid, unreadable, type Verdict } from '../domain/token-policy/validation.js';
import type { PolicyRef } from '../domain/token/token.js';
import { type ClientId, type UserId, numericDate } from '../domain/values.js';
import type { AccessTokens, PresentedToken } from './access-tokens.js';
import { type ApiKeys, isApiKeyForm } from './api-keys.js';
import { CommandRejected } from './command-rejected.js';
import type { Issuers } from './issuers.js';
import type { CommandContext } from './ports/event-log.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { RefreshTokenContent, RefreshTokens } from './refresh-tokens.js';
import type { SigningKeyRing } from './signing-keys.js';
import type { TokenPolicies } from './token-policies.js';
import { mayLearn } from './token-visibility.js';

export type Asked = Readonly<{ token: string; audience?: string; scope: readonly string[] }>;

export type Validation = Readonly<{
  valid: boolean;
  kind: 'access' | 'refresh' | 'id' | 'api-key' | 'unknown';
  client?: ClientId;
  user?: UserId;
  madeUnder?: PolicyRef;
  checks: readonly Verdict[];
}>;

type Found = Omit<Validation, 'valid' | 'checks'> & Readonly<{ examined: Examined }>;
type Tenant = Readonly<{ id: CommandContext['tenant']; slug: string }>;

const unknown: Validation = { valid: false, kind: 'unknown', checks: unreadable };

/** Says of a token of whatever kind what each check of its policy finds. */
export class TokenValidation {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
    private readonly apiKeys: ApiKeys,
    private readonly keys: SigningKeyRing,
    private readonly policies: TokenPolicies,
    private readonly rows: SecurityRows,
    private readonly issuers: Issuers,
  ) {}

  /** `caller` is a client that has proved itself; undefined for administrators, who may see every token. @throws CommandRejected invalid-client */
  async validate(
    tenant: Tenant,
    { token, audience, scope }: Asked,
    at: CommandContext['at'],
    caller?: ClientId,
  ): Promise<Validation> {
    const [found, row] = await Promise.all([
      this.#find(tenant, token, at),
      caller === undefined ? undefined : this.rows.client(tenant.id, caller),
    ]);
    if (caller !== undefined && row?.status !== 'enabled') throw new CommandRejected('invalid-client');
    if (!found) return unknown;
    const { examined, ...said } = found;
    const concerned = { client: said.client ?? ('' as ClientId), audience: examined.audience };
    if (caller !== undefined && !mayLearn(caller, row, concerned)) return unknown;
    const flow = await this.policies.checksOf(tenant.id, said.madeUnder);
    const expected = { ...(audience !== undefined && { audience }), scope, now: numericDate(at) };
    const checks = examine(flow, examined, expected);
    return { valid: isValid(checks), ...said, checks };
  }

  async #find(tenant: Tenant, token: string, at: CommandContext['at']): Promise<Found | undefined> {
    if (isApiKeyForm(token)) return this.#apiKey(tenant, token, at);
    const access = await this.accessTokens.read(tenant, token);
    if (access) return this.#access(tenant, access, at);
    const refresh = await this.refreshTokens.read(tenant.id, token);
    return refresh ? this.#refresh(tenant, refresh, at) : this.#id(tenant, token);
  }

  async #access(tenant: Tenant, presented: PresentedToken, at: CommandContext['at']): Promise<Found | undefined> {
    const rows = await this.rows.token(tenant.id, presented);
    const said = this.accessTokens.said(tenant, presented, rows);
    if (!said) return undefined;
    const isOpaque = presented.kind === 'opaque';
    return {
      kind: 'access',
      client: said.client,
      ...(said.kind === 'person' && { user: said.user }),
      ...(said.madeUnder && { madeUnder: said.madeUnder }),
      examined: {
        type: isOpaque ? 'opaque access token' : 'at+jwt',
        issuer: said.issuer,
        audience: said.audience,
        scope: said.scope,
        issuedAt: said.issuedAt,
        expiresAt: said.expiresAt,
        against: complaints(said.kind, this.accessTokens.concerning(rows.facts, said), at),
        proof: isOpaque ? 'message authentication code' : 'signature',
        hasSession: said.kind === 'person',
      },
    };
  }

  async #refresh(
    tenant: Tenant,
    { grant, generation }: RefreshTokenContent,
    at: CommandContext['at'],
  ): Promise<Found | undefined> {
    const { facts, grant: row, owner } = await this.rows.grant(tenant.id, grant);
    if (!owner) return undefined;
    const isNewest = row?.generation === generation;
    return {
      kind: 'refresh',
      client: owner.client,
      user: owner.user,
      examined: {
        type: 'refresh token',
        issuer: this.issuers.of(tenant.slug),
        audience: [],
        scope: row?.scope ?? [],
        issuedAt: row ? numericDate(row.refreshedAt) : 0,
        expiresAt: row ? numericDate(row.expiresAt) : 0,
        against: [...complaints('person', facts, at), ...(isNewest ? [] : (['token-revoked'] as const))],
        proof: 'message authentication code',
        hasSession: true,
      },
    };
  }

  async #apiKey(tenant: Tenant, key: string, at: CommandContext['at']): Promise<Found | undefined> {
    const found = await this.apiKeys.check(tenant.id, key, at);
    if (!found) return undefined;
    const { owner, scopes } = found;
    return {
      kind: 'api-key',
      ...(owner.kind === 'user' && { user: owner.id }),
      ...(owner.kind === 'client' && { client: owner.id }),
      examined: {
        type: 'API key',
        issuer: this.issuers.of(tenant.slug),
        audience: [],
        scope: scopes,
        issuedAt: 0,
        expiresAt: Number.MAX_SAFE_INTEGER,
        against: [],
        proof: 'message authentication code',
        hasSession: false,
      },
    };
  }

  /** An ID token tells of a sign-in; nothing ends it but time. */
  async #id(tenant: Tenant, token: string): Promise<Found | undefined> {
    const verified = await this.keys.verify(tenant.id, 'JWT', token);
    const issuer = this.issuers.of(tenant.slug);
    const { iss, sub, aud, iat, exp } = verified?.claims ?? {};
    if (!verified || iss !== issuer || typeof sub !== 'string' || typeof aud !== 'string') return undefined;
    if (typeof iat !== 'number' || typeof exp !== 'number') return undefined;
    const published = (await this.keys.list(tenant.id)).some(({ key }) => key === verified.key);
    return {
      kind: 'id',
      client: aud as ClientId,
      user: sub as UserId,
      examined: {
        type: 'ID token',
        issuer,
        audience: [aud],
        scope: [],
        issuedAt: iat,
        expiresAt: exp,
        against: published ? [] : ['key-retired'],
        proof: 'signature',
        hasSession: false,
      },
    };
  }
}
