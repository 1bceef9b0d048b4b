import { IsInt, IsOptional, IsString, MaxLength } from 'class-validator';
import { type AuditFilter, type AuditPlace, auditRecords } from '../../projections/audit-trail.js';
import { InstantText } from '../request/instant-text.js';
import { page } from '../answer/responses.js';
import { route } from '../route.js';
import type { Services } from '../services.js';

export class AuditView {
  @IsString() id!: string;
  @IsString() type!: string;
  @IsString() position!: string;
  @IsString() stream!: string;
  @IsInt() revision!: number;
  @IsString() actorKind!: string;
  @IsOptional() @IsString() actor?: string;
  @IsOptional() @IsString() subject?: string;
  @IsString() command!: string;
  @IsString() correlation!: string;
  @IsOptional() @IsInt() policyRevision?: number;
  @IsString() at!: string;
}

export class AuditQuery {
  @IsOptional() @IsString() @MaxLength(100) type?: string;
  @IsOptional() @IsString() @MaxLength(64) subject?: string;
  @IsOptional() @IsString() @MaxLength(64) actor?: string;
  @IsOptional() @InstantText() from?: string;
  @IsOptional() @InstantText() to?: string;
}

const example: AuditView = {
  id: '0199b000-0000-5000-8000-000000000009',
  type: 'user.suspended',
  position: 'k3v9.1042',
  stream: 'user-0199…_0199…',
  revision: 4,
  actorKind: 'user',
  actor: '0199b000-0000-5000-8000-000000000002',
  subject: '0199b000-0000-5000-8000-000000000004',
  command: '0199b000-0000-5000-8000-000000000008',
  correlation: 'k2jX…',
  at: '2026-11-22T10:00:00.000Z',
};

const definite = (filter: AuditQuery): AuditFilter =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));

export const auditRoutes = [
  route({
    id: 'listAuditTrail',
    method: 'get',
    path: '/t/:tenant/api/v1/audit',
    summary: 'Who did what to whom',
    tag: 'administration',
    access: 'tenant-admin',
    paged: true,
    reads: ['audit_trail'],
    query: AuditQuery,
    responses: { 200: page(AuditView, 'Newest first.', example) },
    handler:
      ({ knex }: Pick<Services, 'knex'>) =>
      async ({ tenant, query, page: { limit, after } }) => {
        const rows = await auditRecords(knex, tenant.id, definite(query), limit + 1, after as AuditPlace | undefined);
        const last = rows.length > limit ? rows[limit - 1] : undefined;
        const items = rows.slice(0, limit).map((row) => ({
          id: row.event_id,
          type: row.type,
          position: row.position,
          stream: row.stream,
          revision: row.revision,
          actorKind: row.actor_kind,
          ...(row.actor_id !== null && { actor: row.actor_id }),
          ...(row.subject !== null && { subject: row.subject }),
          command: row.command,
          correlation: row.correlation,
          ...(row.policy_revision !== null && { policyRevision: row.policy_revision }),
          at: row.recorded_at.toISOString(),
        }));
        const next = last && { recordedAt: last.recorded_at.toISOString(), eventId: last.event_id };
        return { status: 200, body: { items }, next };
      },
  }),
];
