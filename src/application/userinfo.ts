import { grant } from '../domain/grant/grant.js';
import { claimsNamed, claimsOf, type StandardClaims } from '../domain/user/standard-claims.js';
import type { GrantId, TenantId, UserId } from '../domain/values.js';
import type { Profiles } from './profile.js';
import type { Transactor } from './transactor.js';

/** What an application is told of a person (OpenID Connect Core 1.0 section 5.3). */
export class Userinfo {
  constructor(
    private readonly transactor: Transactor,
    private readonly profiles: Profiles,
  ) {}

  /** By the scopes of the token, and the claims that the request behind its grant named. @throws CommandRejected no-such-user */
  async about(tenant: TenantId, user: UserId, token: GrantId, scope: readonly string[]): Promise<StandardClaims> {
    const [{ account }, { state }] = await Promise.all([
      this.profiles.view(tenant, user),
      this.transactor.load(grant, tenant, token),
    ]);
    const named = state.status === 'active' ? state.claims : [];
    return { ...claimsOf(account, scope), ...claimsNamed(account, named) };
  }

  /** For an ID token, which has no scopes: the claims that were named. @throws CommandRejected no-such-user */
  async named(tenant: TenantId, user: UserId, names: readonly string[]): Promise<StandardClaims> {
    if (names.length === 0) return {};
    const { account } = await this.profiles.view(tenant, user);
    return claimsNamed(account, names);
  }
}
