import { proofAlgorithms } from '../../domain/authorization/dpop.js';
import type { RateLimits } from '../../application/ports/rate-limits.js';
import type { Arrival } from '../request/arrival.js';
import type { Authenticator, CredentialFailure, Principal, Requirement } from './authentication.js';
import { bearerOfForm } from './presented-bearer.js';
import { addressClass } from '../request/client-address.js';
import type { HttpSettings } from '../server/http-settings.js';
import { Problem } from '../problems/problem.js';
import { rateLimitHeaders } from '../answer/rate-limit-headers.js';
import { systemSlug, type TenantRef, type Tenants } from './tenants.js';

export type Admitted = Readonly<{ tenant: TenantRef | undefined; principal: Principal | undefined }>;

/** Decides whether a request is let in: its tenant, its caller's budget, its credentials. */
export class Gate {
  constructor(
    private readonly tenants: Tenants,
    private readonly authenticator: Authenticator,
    private readonly rateLimits: RateLimits,
    private readonly settings: HttpSettings,
  ) {}

  /** @throws Problem not-found, tenant-suspended, too-many-requests, unauthenticated, invalid-token, forbidden */
  async admit<Services>(arrival: Arrival<Services>): Promise<Admitted> {
    const { mount, params } = arrival;
    const { access, permission, scope } = mount.route;
    const slug = params['tenant'] ?? (access === 'installation-admin' ? systemSlug : undefined);
    const tenant = slug === undefined ? undefined : await this.tenants.resolve(slug);
    await this.spend(arrival, tenant?.id ?? 'none');
    if (slug !== undefined && tenant === undefined) throw new Problem('not-found');
    if (tenant?.suspended && mount.issuer === 'path') throw new Problem('tenant-suspended');
    if (access === 'public') return { tenant, principal: undefined };

    const principal = await this.identify(arrival, mount.issuer === 'system' ? await this.system() : tenant);
    const required = {
      access: mount.installation ? 'installation-admin' : access,
      permission,
      scope: scope ?? scopeOf[access],
      tenant: tenant as TenantRef,
    };
    if (!(await this.authenticator.permits(principal, required))) throw new Problem('forbidden');
    return { tenant, principal };
  }

  private async spend<Services>(arrival: Arrival<Services>, tenant: string): Promise<void> {
    const limiter = arrival.mount.route.rateLimit ?? 'default';
    if (limiter === 'none') return;
    const verdict = await this.rateLimits.consume(limiter, `${tenant}|${addressClass(arrival.address)}`);
    for (const [name, value] of rateLimitHeaders(limiter, verdict)) arrival.setHeader(name, value);
    if (!verdict.allowed) throw new Problem('too-many-requests', { retryAfter: verdict.resetSeconds });
  }

  private async identify<Services>(arrival: Arrival<Services>, issuer: TenantRef | undefined): Promise<Principal> {
    const { message, path, mount, address } = arrival;
    if (issuer === undefined) throw new Problem('not-found');
    const dpop = message.headers['dpop'];
    const outcome = await this.authenticator.authenticate(issuer, {
      authorization: (mount.route.bearerInForm && (await bearerOfForm(message))) ?? message.headers.authorization,
      dpop: Array.isArray(dpop) ? dpop.join(', ') : dpop,
      method: message.method ?? 'GET',
      address,
      url: this.settings.origin + path,
    });
    if ('principal' in outcome) return outcome.principal;

    throw new Problem(outcome.failure === 'missing' ? 'unauthenticated' : 'invalid-token', {
      headers: { 'WWW-Authenticate': challenges[outcome.failure](issuer.slug) },
    });
  }

  private system(): Promise<TenantRef | undefined> {
    return this.tenants.resolve(systemSlug);
  }
}

/** An application of somebody else gets these only if the tenant registers it for them and the person agrees. */
const scopeOf: Readonly<Record<Requirement['access'], string>> = {
  user: 'account',
  'tenant-admin': 'administration',
  'installation-admin': 'administration',
};

/**
 * RFC 6750 section 3: no error code where the request lacks any authentication information. RFC 9449 section 7.1: how a token that is bound to
 * a key is to be shown.
 */
const challenges: Readonly<Record<CredentialFailure, (realm: string) => string>> = {
  missing: (realm) => `Bearer realm="${realm}"`,
  'invalid-token': (realm) => `Bearer realm="${realm}", error="invalid_token"`,
  'invalid-proof': (realm) => `DPoP realm="${realm}", error="invalid_dpop_proof", algs="${proofAlgorithms.join(' ')}"`,
};
