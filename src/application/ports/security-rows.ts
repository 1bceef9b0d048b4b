import type { StandingFacts } from '../../domain/session/standing.js';
import type { ClientId, GrantId, SessionId, TenantId, UserId } from '../../domain/values.js';

/** What an access token names. */
export type TokenSubject = Readonly<{
  user: UserId;
  session: SessionId;
  grant: GrantId;
  client: ClientId;
  /** `jti`. */
  token: string;
}>;

export type ClientRow = Readonly<{ status: string; confidential: boolean; secretDigest?: string; epoch: number }>;

export type TenantRow = Readonly<{ id: TenantId; slug: string; status: string }>;
export type ListedClient = Readonly<{ id: ClientId; name: string; status: string; confidential: boolean }>;

/** The inline rows that security decisions read (SR-1). One round trip per question. */
export abstract class SecurityRows {
  abstract standing(
    tenant: TenantId,
    subject: TokenSubject,
  ): Promise<StandingFacts & Readonly<{ administrator: boolean }>>;
  abstract tenantBySlug(slug: string): Promise<Readonly<{ id: TenantId; status: string; epoch: number }> | undefined>;
  abstract client(tenant: TenantId, client: ClientId): Promise<ClientRow | undefined>;
  /** Active sessions, newest first, whether or not their epochs still count. */
  abstract sessionsOf(tenant: TenantId, user: UserId): Promise<readonly SessionId[]>;
  abstract grantsOf(tenant: TenantId, session: SessionId): Promise<readonly GrantId[]>;
  /** Tenants that are not removed, by id, after `after`. */
  abstract tenants(max: number, after?: TenantId): Promise<readonly TenantRow[]>;
  /** Clients that are not removed, by id, after `after`. */
  abstract clients(tenant: TenantId, max: number, after?: ClientId): Promise<readonly ListedClient[]>;
  abstract administrators(tenant: TenantId): Promise<readonly UserId[]>;
}
