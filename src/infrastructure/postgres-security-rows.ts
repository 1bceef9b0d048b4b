import pg from 'pg';
import {
  type DescribedClient,
  type ListedClient,
  SecurityRows,
  type TenantRow,
  type TokenNames,
  type TokenRows,
} from '../application/ports/security-rows.js';
import type { ClientAuthenticationMethod, ClientMetadata } from '../domain/client/metadata.js';
import type { ClientId, GrantId, Instant, SessionId, TenantId, UserId } from '../domain/values.js';
import { clientSecurity } from '../projections/inline/client-security.js';
import { credentialsSecurity } from '../projections/inline/credentials-security.js';
import { grantSecurity } from '../projections/inline/grant-security.js';
import { publishedKeys } from '../projections/inline/published-keys.js';
import { sessionSecurity } from '../projections/inline/session-security.js';
import { tenantSecurity } from '../projections/inline/tenant-security.js';
import { tokenPolicyEnds } from '../projections/inline/token-policy-ends.js';
import { tokenSecurity } from '../projections/inline/token-security.js';
import { userSecurity } from '../projections/inline/user-security.js';
import { tableName } from '../projections/projection.js';
import { GatheredQuestions, looksAtDatabase } from './gathered-questions.js';
import { proofOf, type StandingRow, tokenRows } from './standing-rows.js';

const table = {
  client: tableName(clientSecurity),
  credentials: tableName(credentialsSecurity),
  grant: tableName(grantSecurity),
  key: tableName(publishedKeys),
  session: tableName(sessionSecurity),
  tenant: tableName(tenantSecurity),
  policy: tableName(tokenPolicyEnds),
  token: tableName(tokenSecurity),
  user: tableName(userSecurity),
};

/** What a look is about: a token, or a grant alone, where `user`, `session` and `client` are those of the grant's row. '' names nothing. */
type StandingQuestion = Readonly<{
  tenant: TenantId;
  grant: string;
  token: string;
  key: string;
  caller: string;
  user: string;
  session: string;
  client: string;
  policy: string;
}>;

const parts = ['tenant', 'grant', 'token', 'key', 'caller', 'user', 'session', 'client', 'policy'] as const;

/** A limit keeps the planner to one look at the primary key, whatever it thinks of a table that has just begun to grow. */
const one = (rows: string, id: string): string =>
  `LEFT JOIN LATERAL (SELECT * FROM ${rows} WHERE key = q.tenant || '_' || ${id} LIMIT 1)`;
const orOfGrant = (part: string, column: string): string => `coalesce(nullif(q.${part}, ''), g.${column})`;
const grant = `coalesce(nullif(q."grant", ''), r.grant_id)`;
/** Which version of which policy, as the token or else its row says. */
const version = `coalesce(nullif(q.policy, ''), r.policy || '.' || r.policy_version)`;
const client = `coalesce(nullif(q.client, ''), g.client, r.client)`;

/** One row for each question, whatever is missing. */
const standingQuery = {
  name: 'standing',
  text: `
  SELECT t.status AS tenant_status, t.epoch AS tenant_epoch, u.status AS user_status, u.epoch AS user_epoch, u.administrator,
         c.epoch AS credentials_epoch, k.status AS client_status, k.epoch AS client_epoch,
         s.status AS session_status, s.user_id AS session_user,
         s.tenant_epoch AS made_tenant, s.user_epoch AS made_user, s.credentials_epoch AS made_credentials,
         g.client_epoch AS made_client, s.expires_at, g.status AS grant_status, g.session_id AS grant_session, g.idle_until,
         g.generation, g.scope, g.refreshed_at, g.expires_at AS grant_expires_at, g.user_id AS grant_user, g.client AS grant_client,
         coalesce(r.revoked, false) AS token_revoked, r.kind AS token_kind, r.client AS token_client, r.grant_id AS token_grant,
         r.scope AS token_scope, r.audience AS token_audience, r.tenant_epoch AS token_tenant_epoch,
         r.client_epoch AS token_client_epoch, r.policy AS token_policy, r.policy_version AS token_policy_version, r.bound_to AS token_bound_to,
         r.issued_at AS token_issued_at, r.expires_at AS token_expires_at,
         CASE WHEN ${version} IS NULL THEN NULL ELSE coalesce(
           (SELECT ends::jsonb ->> ${version} FROM ${table.policy} WHERE key = q.tenant || '_' || q.tenant), 'unknown') END AS policy_end,
         CASE WHEN q.key = '' THEN NULL ELSE coalesce(q.key = ANY (p.keys), false) END AS key_published,
         a.status AS caller_status, a.confidential AS caller_confidential, a.authentication_method AS caller_method,
         a.secret_digest AS caller_digest, a.old_secret_digest AS caller_old_digest, a.old_secret_until AS caller_old_until,
         a.epoch AS caller_epoch, (a.metadata::jsonb ->> 'firstParty')::boolean AS caller_first_party
    FROM unnest(${parts.map((_, index) => `$${index + 1}::text[]`).join(', ')})
         WITH ORDINALITY AS q(tenant, "grant", token, key, caller, "user", session, client, policy, number)
    ${one(table.token, 'q.token')} r ON true
    ${one(table.grant, grant)} g ON true
    ${one(table.tenant, 'q.tenant')} t ON true
    ${one(table.key, 'q.tenant')} p ON true
    ${one(table.client, 'q.caller')} a ON true
    ${one(table.user, orOfGrant('user', 'user_id'))} u ON true
    ${one(table.credentials, orOfGrant('user', 'user_id'))} c ON true
    ${one(table.session, orOfGrant('session', 'session_id'))} s ON true
    ${one(table.client, client)} k ON true
   ORDER BY q.number`,
};

const standingsAtOnce = {
  looks: looksAtDatabase,
  size: 128,
  // Class 22: a value that PostgreSQL cannot take.
  mayBeOneAlone: (error: unknown): boolean => error instanceof pg.DatabaseError && (error.code ?? '').startsWith('22'),
};

export class PostgresSecurityRows extends SecurityRows {
  private readonly standing: GatheredQuestions<StandingQuestion, TokenRows>;

  constructor(private readonly pool: pg.Pool) {
    super();
    this.standing = new GatheredQuestions(async (questions) => {
      const values = parts.map((part) => questions.map((question) => question[part]));
      const { rows } = await this.pool.query<StandingRow>({ ...standingQuery, values });
      return rows.map(tokenRows);
    }, standingsAtOnce);
  }

  token(tenant: TenantId, names: TokenNames, caller: ClientId | '' = ''): Promise<TokenRows> {
    const { user = '', session = '', grant = '', client = '', token, key = '', madeUnder } = names;
    const policy = madeUnder ? `${madeUnder.policy}.${madeUnder.version}` : '';
    return this.standing.ask({ tenant, grant, token, key, caller, user, session, client, policy });
  }

  grant(tenant: TenantId, grant: GrantId, caller: ClientId | '' = ''): Promise<TokenRows> {
    return this.standing.ask({
      tenant,
      grant,
      token: '',
      key: '',
      caller,
      user: '',
      session: '',
      client: '',
      policy: '',
    });
  }

  async tenantBySlug(slug: string) {
    const { rows } = await this.pool.query<{ id: string; status: string; epoch: number }>({
      name: 'tenant-by-slug',
      text: `SELECT id, status, epoch FROM ${table.tenant} WHERE slug = $1 AND status <> 'removed'`,
      values: [slug],
    });
    return rows[0] && { ...rows[0], id: rows[0].id as TenantId };
  }

  async client(tenant: TenantId, client: ClientId): Promise<DescribedClient | undefined> {
    const { rows } = await this.pool.query<{
      status: string;
      confidential: boolean;
      authentication_method: ClientAuthenticationMethod | null;
      secret_digest: string | null;
      old_secret_digest: string | null;
      old_secret_until: Instant | null;
      epoch: number;
      name: string | null;
      metadata: string | null;
    }>({
      name: 'client',
      text: `SELECT status, confidential, authentication_method, secret_digest, old_secret_digest, old_secret_until, epoch, name, metadata
               FROM ${table.client} WHERE key = $1`,
      values: [`${tenant}_${client}`],
    });
    const [row] = rows;
    if (!row) return undefined;
    const { status, confidential, epoch, name, metadata } = row;
    const described = metadata === null ? undefined : (JSON.parse(metadata) as ClientMetadata);
    return {
      status,
      confidential,
      epoch,
      ...proofOf(row.authentication_method, row.secret_digest, row.old_secret_digest, row.old_secret_until),
      firstParty: described?.firstParty ?? false,
      ...(name !== null && { name }),
      ...(described && { metadata: described }),
    };
  }

  async sessionsOf(tenant: TenantId, user: UserId): Promise<readonly SessionId[]> {
    const { rows } = await this.pool.query<{ id: SessionId }>({
      name: 'sessions-of',
      text: `SELECT id FROM ${table.session} WHERE user_id = $2 AND tenant = $1 AND status = 'active' ORDER BY started_at DESC, id LIMIT 1000`,
      values: [tenant, user],
    });
    return rows.map(({ id }) => id);
  }

  async clientsOf(tenant: TenantId, session: SessionId): Promise<readonly ClientId[]> {
    const { rows } = await this.pool.query<{ client: ClientId }>({
      name: 'clients-of',
      text: `SELECT DISTINCT client FROM ${table.grant} WHERE session_id = $2 AND tenant = $1 AND client IS NOT NULL`,
      values: [tenant, session],
    });
    return rows.map(({ client }) => client);
  }

  async grantsOf(tenant: TenantId, session: SessionId): Promise<readonly GrantId[]> {
    const { rows } = await this.pool.query<{ id: GrantId }>({
      name: 'grants-of',
      text: `SELECT id FROM ${table.grant} WHERE session_id = $2 AND tenant = $1 AND status = 'active' ORDER BY id`,
      values: [tenant, session],
    });
    return rows.map(({ id }) => id);
  }

  async tenants(max: number, after?: TenantId): Promise<readonly TenantRow[]> {
    const { rows } = await this.pool.query<TenantRow>({
      name: 'tenants',
      text: `SELECT id, slug, status FROM ${table.tenant} WHERE status IN ('active', 'suspended') AND key > $1 ORDER BY key LIMIT $2`,
      values: [after === undefined ? '' : `${after}_${after}`, max],
    });
    return rows;
  }

  async clients(tenant: TenantId, max: number, after?: ClientId, search = ''): Promise<readonly ListedClient[]> {
    const { rows } = await this.pool.query<ListedClient>({
      name: 'clients',
      text: `SELECT id, name, status, confidential FROM ${table.client}
              WHERE tenant = $1 AND status IN ('enabled', 'disabled') AND key > $2 AND strpos(lower(name), lower($4)) > 0
              ORDER BY key LIMIT $3`,
      values: [tenant, `${tenant}_${after ?? ''}`, max, search],
    });
    return rows;
  }

  async selfRegistered(tenant: TenantId): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>({
      name: 'self-registered',
      text: `SELECT count(*)::int AS count FROM ${table.client}
              WHERE tenant = $1 AND status IN ('enabled', 'disabled') AND self_registered`,
      values: [tenant],
    });
    return rows[0]?.count ?? 0;
  }

  async administrators(tenant: TenantId): Promise<readonly UserId[]> {
    const { rows } = await this.pool.query<{ id: UserId }>({
      name: 'administrators',
      text: `SELECT id FROM ${table.user} WHERE tenant = $1 AND administrator AND status = 'active' LIMIT 1000`,
      values: [tenant],
    });
    return rows.map(({ id }) => id);
  }
}
