import { IsArray, IsIn, IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import type { TenantId } from '../../domain/values.js';
import { type LoginFilter, type LoginPlace, type LoginRow, logins } from '../../projections/login-history.js';
import type { PageState } from '../answer/answer.js';
import { InstantText } from '../request/instant-text.js';
import { page } from '../answer/responses.js';
import { route } from '../route.js';
import type { Services } from '../services.js';

export class LoginView {
  @IsString() attempt!: string;
  @IsOptional() @IsString() user?: string;
  @IsIn(['succeeded', 'failed', 'refused']) outcome!: string;
  @IsOptional() @IsString() reason?: string;
  @IsString() method!: string;
  @IsOptional() @IsArray() factors?: string[];
  @IsString() identifier!: string;
  @IsString() client!: string;
  @IsOptional() @IsString() session?: string;
  @IsOptional() @IsString() ip?: string;
  @IsOptional() @IsString() userAgent?: string;
  @IsOptional() @IsString() browser?: string;
  @IsOptional() @IsString() operatingSystem?: string;
  @IsOptional() @IsString() device?: string;
  @IsOptional() @IsString() place?: string;
  /** Revision of the tenant's settings that decided. */
  @IsInt() policyRevision!: number;
  @IsString() at!: string;
}

export class LoginFilterQuery {
  @IsOptional() @IsIn(['succeeded', 'failed', 'refused']) outcome?: string;
  @IsOptional() @InstantText() from?: string;
  @IsOptional() @InstantText() to?: string;
}

export class TenantLoginFilterQuery extends LoginFilterQuery {
  @IsOptional() @IsString() @MaxLength(64) user?: string;
}

const example: LoginView = {
  attempt: '0199b000-0000-5000-8000-000000000003',
  user: '0199b000-0000-5000-8000-000000000002',
  outcome: 'succeeded',
  method: 'password',
  factors: ['pwd'],
  identifier: 'email',
  client: 'annal',
  session: '0199b000-0000-5000-8000-000000000001',
  ip: '203.0.113.7',
  userAgent: 'Mozilla/5.0 …',
  browser: 'Firefox 131',
  operatingSystem: 'Windows 10',
  device: 'desktop',
  policyRevision: 0,
  at: '2026-11-22T10:00:00.000Z',
};

function viewOf(row: LoginRow): LoginView {
  const optional = {
    user: row.user_id,
    reason: row.reason,
    session: row.session,
    ip: row.ip,
    userAgent: row.user_agent,
    browser: row.browser,
    operatingSystem: row.operating_system,
    device: row.device,
    place: row.place,
  };
  return {
    attempt: row.attempt,
    outcome: row.outcome,
    method: row.method,
    identifier: row.identifier,
    client: row.client,
    policyRevision: row.policy_revision,
    at: row.at.toISOString(),
    ...(row.factors && { factors: [...row.factors] }),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}

async function historyPage(
  knex: Services['knex'],
  tenant: TenantId,
  filter: LoginFilter,
  { limit, after }: Readonly<{ limit: number; after: PageState | undefined }>,
) {
  const rows = await logins(knex, tenant, filter, limit + 1, after as LoginPlace | undefined);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const next = last && { at: last.at.toISOString(), attempt: last.attempt };
  return { status: 200 as const, body: { items: rows.slice(0, limit).map(viewOf) }, next };
}

const definite = <T extends object>(filter: T): LoginFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));

export const loginHistoryRoutes = [
  route({
    id: 'listMyLogins',
    method: 'get',
    path: '/t/:tenant/api/v1/me/login-history',
    summary: 'My sign-ins',
    tag: 'account',
    access: 'user',
    paged: true,
    reads: ['login_history'],
    query: LoginFilterQuery,
    responses: { 200: page(LoginView, 'Newest first.', example) },
    handler:
      ({ knex }: Pick<Services, 'knex'>) =>
      ({ tenant, principal, query, page: asked }) =>
        historyPage(knex, tenant.id, { ...definite(query), user: principal.actor.id }, asked),
  }),
  route({
    id: 'listLogins',
    method: 'get',
    path: '/t/:tenant/api/v1/login-history',
    summary: 'Sign-ins of the tenant',
    tag: 'administration',
    access: 'tenant-admin',
    paged: true,
    reads: ['login_history'],
    query: TenantLoginFilterQuery,
    responses: { 200: page(LoginView, 'Newest first.', example) },
    handler:
      ({ knex }: Pick<Services, 'knex'>) =>
      ({ tenant, query, page: asked }) =>
        historyPage(knex, tenant.id, definite(query), asked),
  }),
];
