import type { ClientRow, GrantRow, TokenRow, TokenRows } from '../application/ports/security-rows.js';
import type { ClientAuthenticationMethod } from '../domain/client/metadata.js';
import { isOffline } from '../domain/grant/grant.js';
import type { StandingFacts } from '../domain/session/standing.js';
import type { TokenKind } from '../domain/token/token.js';
import type { ClientId, GrantId, Instant, SessionId, UserId } from '../domain/values.js';

/** One look at everything that a token's worth depends on. */
export type StandingRow = {
  tenant_status: string | null;
  tenant_epoch: number | null;
  user_status: string | null;
  user_epoch: number | null;
  administrator: boolean | null;
  credentials_epoch: number | null;
  client_status: string | null;
  client_epoch: number | null;
  session_status: string | null;
  session_user: string | null;
  made_tenant: number | null;
  made_user: number | null;
  made_credentials: number | null;
  made_client: number | null;
  expires_at: Date | null;
  grant_status: string | null;
  grant_session: string | null;
  idle_until: Date | null;
  token_revoked: boolean;
  token_kind: TokenKind | null;
  token_client: string | null;
  token_grant: string | null;
  token_scope: string[] | null;
  token_audience: string[] | null;
  token_tenant_epoch: number | null;
  token_client_epoch: number | null;
  token_policy: string | null;
  token_policy_version: number | null;
  token_bound_to: string | null;
  token_issued_at: Date | null;
  token_expires_at: Date | null;
  policy_end: string | null;
  key_published: boolean | null;
  generation: number | null;
  scope: string[] | null;
  refreshed_at: Date | null;
  grant_expires_at: Date | null;
  grant_user: string | null;
  grant_client: string | null;
  caller_status: string | null;
  caller_confidential: boolean | null;
  caller_method: ClientAuthenticationMethod | null;
  caller_digest: string | null;
  caller_old_digest: string | null;
  caller_old_until: Instant | null;
  caller_epoch: number | null;
  caller_first_party: boolean | null;
};

const iso = (date: Date): Instant => date.toISOString() as Instant;

/** What a client proves itself with. */
export const proofOf = (
  method: ClientAuthenticationMethod | null,
  digest: string | null,
  oldDigest: string | null,
  oldUntil: Instant | null,
): Pick<ClientRow, 'method' | 'secretDigest' | 'oldSecret'> => ({
  ...(method !== null && { method }),
  ...(digest !== null && { secretDigest: digest }),
  ...(oldDigest !== null && oldUntil !== null && { oldSecret: { digest: oldDigest, until: oldUntil } }),
});

export function tokenRows(row: StandingRow): TokenRows {
  return {
    facts: factsOf(row),
    administrator: row.administrator ?? false,
    ...(row.grant_status === 'active' && { grant: grantOf(row) }),
    ...(row.token_kind !== null && { token: tokenOf(row, row.token_kind) }),
    ...(row.grant_user !== null && {
      owner: {
        user: row.grant_user as UserId,
        session: row.grant_session as SessionId,
        client: row.grant_client as ClientId,
      },
    }),
    ...(row.caller_status !== null && {
      caller: {
        status: row.caller_status,
        confidential: row.caller_confidential ?? false,
        epoch: row.caller_epoch ?? 0,
        firstParty: row.caller_first_party ?? false,
        ...proofOf(row.caller_method, row.caller_digest, row.caller_old_digest, row.caller_old_until),
      },
    }),
  };
}

const tokenOf = (row: StandingRow, kind: TokenKind): TokenRow => ({
  kind,
  client: (row.token_client ?? '') as ClientId,
  ...(row.token_grant !== null && { grant: row.token_grant as GrantId }),
  scope: row.token_scope ?? [],
  audience: row.token_audience ?? [],
  ...(row.token_policy !== null && { madeUnder: { policy: row.token_policy, version: row.token_policy_version ?? 0 } }),
  ...(row.token_bound_to !== null && { boundTo: row.token_bound_to }),
  issuedAt: iso(row.token_issued_at ?? new Date(0)),
  expiresAt: iso(row.token_expires_at ?? new Date(0)),
});

const grantOf = ({ generation, scope, refreshed_at, grant_expires_at }: StandingRow): GrantRow => ({
  generation: generation ?? 0,
  scope: scope ?? [],
  refreshedAt: iso(refreshed_at ?? new Date(0)),
  expiresAt: iso(grant_expires_at ?? new Date(0)),
});

function factsOf(row: StandingRow): StandingFacts {
  return {
    tokenRevoked: row.token_revoked,
    ...(row.policy_end !== null && { policy: row.policy_end as Instant | 'open' | 'unknown' }),
    ...(row.token_kind !== null && {
      token: {
        kind: row.token_kind,
        client: row.token_client ?? '',
        epochs: { tenant: row.token_tenant_epoch ?? -1, client: row.token_client_epoch ?? -1 },
        expiresAt: iso(row.token_expires_at ?? new Date(0)),
      },
    }),
    ...(row.key_published !== null && { keyPublished: row.key_published }),
    ...(row.tenant_status !== null && { tenant: { status: row.tenant_status, epoch: row.tenant_epoch ?? 0 } }),
    ...(row.user_status !== null && { user: { status: row.user_status, epoch: row.user_epoch ?? 0 } }),
    ...(row.credentials_epoch !== null && { credentials: { epoch: row.credentials_epoch } }),
    ...(row.client_status !== null && { client: { status: row.client_status, epoch: row.client_epoch ?? 0 } }),
    ...(row.session_status !== null && row.expires_at && { session: sessionOf(row, row.expires_at) }),
    ...(row.grant_status !== null && {
      grant: {
        status: row.grant_status,
        session: row.grant_session ?? '',
        client: row.grant_client ?? '',
        clientEpoch: row.made_client ?? -1,
        offline: isOffline({ scope: row.scope ?? [] }),
        ...(row.idle_until && { idleUntil: iso(row.idle_until) }),
      },
    }),
  };
}

const sessionOf = (row: StandingRow, expiresAt: Date): NonNullable<StandingFacts['session']> => ({
  status: row.session_status ?? 'none',
  user: row.session_user ?? '',
  epochs: {
    tenant: row.made_tenant ?? -1,
    user: row.made_user ?? -1,
    credentials: row.made_credentials ?? -1,
  },
  expiresAt: iso(expiresAt),
});
