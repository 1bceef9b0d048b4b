import { LRUCache } from 'lru-cache';
import type { AccessTokens } from '../../application/access-tokens.js';
import { type ApiKeys, isApiKeyForm } from '../../application/api-keys.js';
import type { ApiKeyUses } from '../../application/ports/api-key-uses.js';
import { CommandRejected } from '../../application/command-rejected.js';
import type { Dpop } from '../../application/dpop.js';
import type { Clock } from '../../application/ports/clock.js';
import type { SecurityRows } from '../../application/ports/security-rows.js';
import {
  Authenticator,
  type CredentialFailure,
  type PresentedCredentials,
  type Principal,
  type Requirement,
} from './authentication.js';
import { isAmong } from '../request/client-address.js';
import { type TenantRef, Tenants } from './tenants.js';

/** RFC 6750 section 2.1, RFC 9449 section 7.1. */
const form = /^(Bearer|DPoP) ([A-Za-z0-9._~+/-]+=*)$/i;

/** Who calls, by an access token that is alive now. Administrators are known by their rows, not by their tokens. */
export class TokenAuthenticator extends Authenticator {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly apiKeys: ApiKeys,
    private readonly uses: ApiKeyUses,
    private readonly dpop: Dpop,
    private readonly clock: Clock,
  ) {
    super();
  }

  async authenticate(
    issuer: TenantRef,
    credentials: PresentedCredentials,
  ): Promise<Readonly<{ principal: Principal }> | Readonly<{ failure: CredentialFailure }>> {
    const { authorization, address } = credentials;
    if (authorization === undefined) return { failure: 'missing' };
    const [, scheme = '', token] = form.exec(authorization) ?? [];
    if (token === undefined) return { failure: 'invalid-token' };
    const isBearer = scheme.toLowerCase() === 'bearer';
    if (isApiKeyForm(token) && isBearer) return this.#byApiKey(issuer, token, address);
    const checked = await this.accessTokens.check(issuer, token, this.clock.now());
    if ('failure' in checked) return { failure: 'invalid-token' };
    // "a DPoP-bound access token … MUST be rejected" as a bearer token (RFC 9449 section 7.2), and the other way round.
    if (isBearer !== (checked.boundTo === undefined)) return { failure: 'invalid-token' };
    if (checked.boundTo !== undefined && !(await this.#proves(issuer, checked.boundTo, token, credentials))) {
      return { failure: 'invalid-proof' };
    }
    const { id: tenant } = issuer;
    if (checked.kind === 'machine') {
      return { principal: { actor: { kind: 'client', tenant, id: checked.client }, scopes: checked.scope } };
    }
    const { user, session, grant, client, scope: scopes, administrator } = checked;
    return { principal: { actor: { kind: 'user', tenant, id: user }, session, grant, client, scopes, administrator } };
  }

  async permits({ actor, scopes, administrator }: Principal, { access, scope }: Requirement): Promise<boolean> {
    if (!scopes.includes(scope)) return false;
    // What concerns one person is no business of an application without one.
    return access === 'user' ? actor.kind === 'user' : administrator === true;
  }

  /** RFC 9449 section 7.1: the key that the token is bound to made a proof for this very request. */
  async #proves(
    { id: tenant }: TenantRef,
    boundTo: string,
    accessToken: string,
    { dpop: proof, method, url }: PresentedCredentials,
  ): Promise<boolean> {
    if (proof === undefined) return false;
    const proved = this.dpop.prove(tenant, { proof, method, url, accessToken }, this.clock.now());
    return proved.then(
      (thumbprint) => thumbprint === boundTo,
      (error: unknown) => {
        if (error instanceof CommandRejected) return false;
        throw error;
      },
    );
  }

  /** A key of the tenant or of one of its applications administers where its scopes say so; a person's only where the person does. */
  async #byApiKey(
    { id: tenant }: TenantRef,
    token: string,
    address: string,
  ): Promise<Readonly<{ principal: Principal }> | Readonly<{ failure: CredentialFailure }>> {
    const at = this.clock.now();
    const key = await this.apiKeys.check(tenant, token, at);
    if (!key || (key.addresses.length > 0 && !isAmong(key.addresses, address))) return { failure: 'invalid-token' };
    this.uses.note(tenant, key.id, at);
    const { owner, scopes, id, isLimited } = key;
    const administrator = owner.kind === 'user' ? key.administrator : true;
    const actor = {
      kind: owner.kind === 'user' ? 'user' : 'client',
      tenant,
      id: owner.kind === 'tenant' ? id : owner.id,
    } as const;
    return { principal: { actor, scopes, administrator, apiKey: { id, isLimited } } };
  }
}

/** Tenants by slug. A slug leads to the same tenant for ever, so what was found is kept; whether it is suspended is asked of its row. */
export class TenantsBySlug extends Tenants {
  readonly #seen = new LRUCache<string, TenantRef>({ max: 20_000 });

  constructor(private readonly rows: SecurityRows) {
    super();
  }

  /** Use cases refuse a suspended or removed tenant by its stream, tokens end by its epoch: here only a stranger is told from a tenant. */
  async resolve(slug: string): Promise<(TenantRef & Readonly<{ suspended: boolean }>) | undefined> {
    const seen = this.#seen.get(slug);
    if (seen) return { ...seen, suspended: false };
    const row = await this.rows.tenantBySlug(slug);
    if (!row) return undefined;
    if (row.status === 'active') this.#seen.set(slug, { id: row.id, slug });
    return { id: row.id, slug, suspended: row.status === 'suspended' };
  }
}
