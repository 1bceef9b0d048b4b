import type { ApiKeyOwner } from '../../domain/api-key/api-key.js';
import type { ApiKeyId, Instant, TenantId } from '../../domain/values.js';

/** Everything that an API key's worth depends on, as it stands now. */
export type ApiKeyRow = Readonly<{
  status: string;
  owner: ApiKeyOwner;
  digest: string;
  previous?: Readonly<{ digest: string; until: Instant }>;
  scopes: readonly string[];
  addresses: readonly string[];
  expiresAt?: Instant;
  /** Whether tenant and owner may act at all. */
  ownerActs: boolean;
  /** Whether the person who owns it administers the tenant. */
  administrator: boolean;
}>;

/** The inline rows of API keys (SR-1). */
export abstract class ApiKeyRows {
  abstract find(tenant: TenantId, key: ApiKeyId): Promise<ApiKeyRow | undefined>;
  /** Newest first by id; ids are drawn in order of time. */
  abstract ofOwner(tenant: TenantId, owner: ApiKeyOwner): Promise<readonly ApiKeyId[]>;
}
