import type { ClientId } from '../../domain/values.js';
import type { Actor } from '../../application/ports/event-log.js';
import type { TenantRef } from './tenants.js';

/**
 * Who may call a route. `tenant-admin`: an administrator of the tenant with a token of that tenant, or an installation administrator with a
 * token of the tenant `system` on the second path of the row. `installation-admin`: only the latter.
 */
export type Access = 'public' | 'user' | 'tenant-admin' | 'installation-admin';

/** Who calls, as the credentials prove. */
export type Principal = Readonly<{
  actor: Extract<Actor, { kind: 'user' | 'client' }>;
  /** The session behind the token, where there is one. */
  session?: string;
  /** The grant that the token was given on. */
  grant?: string;
  /** The application whose access token it is. */
  client?: ClientId;
  /** Whether the account administers its tenant, as of now. */
  administrator?: boolean;
  /** Where a key was presented instead of a token. */
  apiKey?: Readonly<{ id: string; isLimited: boolean }>;
  /** OAuth scopes of the token or key. */
  scopes: readonly string[];
}>;

/** What a request brings along to prove its origin. */
export type PresentedCredentials = Readonly<{
  authorization: string | undefined;
  /** The DPoP proof (RFC 9449) with what it must be bound to. */
  dpop: string | undefined;
  method: string;
  /** Whence the request came. */
  address: string;
  /** Absolute, on the configured origin, without query (the `htu` of a proof). */
  url: string;
}>;

/** RFC 6750 section 3.1. `missing`: there are no credentials at all. */
export type CredentialFailure = 'missing' | 'invalid-token' | 'invalid-proof';

/** What a route asks of a principal. `tenant` is the tenant acted upon. */
export type Requirement = Readonly<{
  access: Exclude<Access, 'public'>;
  permission: string | undefined;
  /** Of the token. */
  scope: string;
  tenant: TenantRef;
}>;

/** Decides from inline rows only (SR-1), never from an asynchronous read model. */
export abstract class Authenticator {
  /** Checks credentials issued by `issuer`; a token of any other tenant is invalid. */
  abstract authenticate(
    issuer: TenantRef,
    credentials: PresentedCredentials,
  ): Promise<Readonly<{ principal: Principal }> | Readonly<{ failure: CredentialFailure }>>;
  abstract permits(principal: Principal, requirement: Requirement): Promise<boolean>;
}
