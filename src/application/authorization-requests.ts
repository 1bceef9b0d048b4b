import { type AuthorizationRequest, isStillAllowed } from '../domain/authorization/request.js';
import { type Instant, plusSeconds, type TenantId } from '../domain/values.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { Vault } from './ports/vault.js';

/** Seconds in which a person may get through the pages between a request and its answer. */
const requestSeconds = 3_600;

/** Checked authorization requests on their way through the pages: sealed, so that nobody can change what was checked. */
export class AuthorizationRequests {
  constructor(
    private readonly vault: Vault,
    private readonly rows: SecurityRows,
  ) {}

  seal(tenant: TenantId, request: AuthorizationRequest): Promise<string> {
    return this.vault.seal(key(tenant), Buffer.from(JSON.stringify(request)), aad(tenant));
  }

  /**
   * Undefined for anything but a request to this tenant that is still being answered. The seal says what was allowed when the request came;
   * whether the client may still have its answer is asked of its row, each time.
   */
  async open(tenant: TenantId, sealed: string, at: Instant): Promise<AuthorizationRequest | undefined> {
    const clear = await this.vault.open(key(tenant), sealed, aad(tenant)).catch(() => undefined);
    if (!clear) return undefined;
    const request = JSON.parse(Buffer.from(clear).toString('utf8')) as AuthorizationRequest;
    if (at >= plusSeconds(request.at, requestSeconds)) return undefined;
    const client = await this.rows.client(tenant, request.client);
    const mayHaveIt = client?.status === 'enabled' && client.metadata && isStillAllowed(request, client.metadata);
    return mayHaveIt ? request : undefined;
  }
}

const key = (tenant: TenantId) => ({ tenant, scope: 'tenant', id: 'authorization-requests' }) as const;
const aad = (tenant: TenantId): string => `authorization-request|${tenant}`;
