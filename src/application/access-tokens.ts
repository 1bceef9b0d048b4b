import { type StandingFacts, standing } from '../domain/session/standing.js';
import type { SigningKey } from '../domain/signingkeys/signing-keys.js';
import type { ClientId, GrantId, Instant, SessionId, TenantId, UserId } from '../domain/values.js';
import { milliseconds } from '../domain/values.js';
import type { Issuers } from './issuers.js';
import type { SecurityRows, TokenRows, TokenSubject } from './ports/security-rows.js';
import type { SigningKeyRing } from './signing-keys.js';
import type { TenantPolicy } from './tenants.js';

/** A live access token, checked. Times are NumericDates (seconds, RFC 7519 section 2). */
export type AccessToken = TokenSubject &
  Readonly<{ scope: readonly string[]; issuedAt: number; expiresAt: number; issuer: string; administrator: boolean }>;

export type TokenFailure = 'malformed' | 'expired' | 'dead';

/** JWT access tokens (RFC 9068), signed by the tenant's key and alive only as long as the session and grant behind them. */
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeyRing,
    private readonly rows: SecurityRows,
    private readonly issuers: Issuers,
  ) {}

  /** The key that access tokens of the tenant are signed with now. */
  signingKey(tenant: TenantId): Promise<SigningKey | undefined> {
    return this.keys.current(tenant, 'ES256');
  }

  /** With `key`, where the caller has looked it up together with something else. @throws CommandRejected no-signing-key */
  async issue(
    policy: TenantPolicy,
    subject: TokenSubject,
    scope: readonly string[],
    at: Instant,
    key?: SigningKey,
  ): Promise<string> {
    const issuer = this.issuers.of(policy.slug);
    const iat = Math.floor(milliseconds(at) / 1000);
    return this.keys.sign(key ?? (await this.signingKey(policy.id)), 'at+jwt', {
      iss: issuer,
      sub: subject.user,
      aud: issuer,
      client_id: subject.client,
      jti: subject.token,
      sid: subject.session,
      gid: subject.grant,
      scope: scope.join(' '),
      iat,
      exp: iat + policy.settings.tokens.accessSeconds,
    });
  }

  /** Checks form, signature, issuer, audience and times, then whether everything behind the token still stands. */
  async check(
    tenant: Readonly<{ id: TenantId; slug: string }>,
    token: string,
    at: Instant,
  ): Promise<AccessToken | Readonly<{ failure: TokenFailure; why?: string }>> {
    const claims = await this.read(tenant, token);
    return claims ? this.judge(claims, await this.rows.token(tenant.id, claims), at) : { failure: 'malformed' };
  }

  /** Whether a token whose signature is right is alive, by the rows that stand behind it. */
  judge(
    claims: Omit<AccessToken, 'administrator'>,
    { facts, administrator }: TokenRows,
    at: Instant,
  ): AccessToken | Readonly<{ failure: TokenFailure; why?: string }> {
    if (claims.expiresAt * 1000 <= milliseconds(at)) return { failure: 'expired' };
    const verdict = standing(belonging(facts, claims), at);
    return verdict === 'alive' ? { ...claims, administrator } : { failure: 'dead', why: verdict };
  }

  /** The claims of a token of this tenant whose signature is right, alive or not. */
  async read(
    tenant: Readonly<{ id: TenantId; slug: string }>,
    token: string,
  ): Promise<Omit<AccessToken, 'administrator'> | undefined> {
    const verified = await this.keys.verify(tenant.id, 'at+jwt', token);
    if (!verified) return undefined;
    const { claims, key } = verified;
    const issuer = this.issuers.of(tenant.slug);
    if (claims['iss'] !== issuer || claims['aud'] !== issuer) return undefined;
    const text = (name: string): string | undefined => (typeof claims[name] === 'string' ? claims[name] : undefined);
    const { iat, exp } = claims;
    const named = [text('sub'), text('sid'), text('gid'), text('client_id'), text('jti')];
    if (named.includes(undefined) || typeof iat !== 'number' || typeof exp !== 'number') return undefined;
    const [user, session, grant, client, jti] = named;
    return {
      user: user as UserId,
      session: session as SessionId,
      grant: grant as GrantId,
      client: client as ClientId,
      token: jti as string,
      key,
      scope: (text('scope') ?? '').split(' ').filter((one) => one !== ''),
      issuedAt: iat,
      expiresAt: exp,
      issuer,
    };
  }
}

/** Rows that speak of another person, session or client than the token does count as missing. */
const belonging = (facts: StandingFacts, token: TokenSubject): StandingFacts => {
  const { session, grant, ...rest } = facts;
  const own = session?.user === token.user && grant?.session === token.session && grant.client === token.client;
  return own ? facts : rest;
};
