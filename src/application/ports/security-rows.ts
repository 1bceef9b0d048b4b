import type { ClientAuthenticationMethod, ClientMetadata } from '../../domain/client/metadata.js';
import type { StandingFacts } from '../../domain/session/standing.js';
import type { PolicyRef, TokenKind } from '../../domain/token/token.js';
import type { ClientId, GrantId, Instant, SessionId, TenantId, UserId } from '../../domain/values.js';

/** What the access token of a person names. */
export type TokenSubject = Readonly<{
  user: UserId;
  session: SessionId;
  grant: GrantId;
  client: ClientId;
  /** `jti`. */
  token: string;
  /** `kid` of a signed token. */
  key?: string;
}>;

/** What any access token names; one that is not signed names itself, and its row says the rest. */
export type TokenNames = Partial<TokenSubject> & Pick<TokenSubject, 'token'> & Readonly<{ madeUnder?: PolicyRef }>;

/** A token by the fact of its own. */
export type TokenRow = Readonly<{
  kind: TokenKind;
  client: ClientId;
  grant?: GrantId;
  scope: readonly string[];
  audience: readonly string[];
  madeUnder?: PolicyRef;
  boundTo?: string;
  issuedAt: Instant;
  expiresAt: Instant;
}>;

/** The grant of a token as it stands now. */
export type GrantRow = Readonly<{
  generation: number;
  scope: readonly string[];
  refreshedAt: Instant;
  expiresAt: Instant;
}>;

/** Everything that a token's worth depends on, in one look. */
export type TokenRows = Readonly<{
  facts: StandingFacts;
  administrator: boolean;
  /** Of an active grant. */
  grant?: GrantRow;
  /** Of a token that has a fact of its own. */
  token?: TokenRow;
  /** Whose token this is, by the rows of grant and session; for tokens that do not say it themselves. */
  owner?: Readonly<{ user: UserId; session: SessionId; client: ClientId }>;
  /** The client that asks, where one was named. */
  caller?: ClientRow;
}>;

export type ClientRow = Readonly<{
  /** The tenant calls it its own. */
  firstParty: boolean;
  status: string;
  confidential: boolean;
  /** Of one that was not removed. */
  method?: ClientAuthenticationMethod;
  secretDigest?: string;
  oldSecret?: Readonly<{ digest: string; until: Instant }>;
  epoch: number;
}>;

/** `metadata` and `name` of one that was not removed. */
export type DescribedClient = ClientRow & Readonly<{ name?: string; metadata?: ClientMetadata }>;

export type TenantRow = Readonly<{ id: TenantId; slug: string; status: string }>;
export type ListedClient = Readonly<{ id: ClientId; name: string; status: string; confidential: boolean }>;

/** The inline rows that security decisions read (SR-1). One round trip per question. */
export abstract class SecurityRows {
  abstract token(tenant: TenantId, token: TokenNames, caller?: ClientId): Promise<TokenRows>;
  /** The same by the grant alone. */
  abstract grant(tenant: TenantId, grant: GrantId, caller?: ClientId): Promise<TokenRows>;
  abstract tenantBySlug(slug: string): Promise<Readonly<{ id: TenantId; status: string; epoch: number }> | undefined>;
  abstract client(tenant: TenantId, client: ClientId): Promise<DescribedClient | undefined>;
  /** Active sessions, newest first, whether or not their epochs still count. */
  abstract sessionsOf(tenant: TenantId, user: UserId): Promise<readonly SessionId[]>;
  /** Whoever was given anything on a session, whether or not it stands. */
  abstract clientsOf(tenant: TenantId, session: SessionId): Promise<readonly ClientId[]>;
  abstract grantsOf(tenant: TenantId, session: SessionId): Promise<readonly GrantId[]>;
  /** Tenants that are not removed, by id, after `after`. */
  abstract tenants(max: number, after?: TenantId): Promise<readonly TenantRow[]>;
  /** Clients that are not removed, by id, after `after`; with `search` in their name, in whatever case. */
  abstract clients(tenant: TenantId, max: number, after?: ClientId, search?: string): Promise<readonly ListedClient[]>;
  /** How many clients that are not removed have registered themselves. */
  abstract selfRegistered(tenant: TenantId): Promise<number>;
  abstract administrators(tenant: TenantId): Promise<readonly UserId[]>;
}
