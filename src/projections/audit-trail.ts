import type { Knex } from 'knex';
import type { TenantId } from '../domain/values.js';
import { type Projection, tableName } from './projection.js';

export type AuditRow = Readonly<{
  position: string;
  event_id: string;
  type: string;
  stream: string;
  revision: number;
  actor_kind: string;
  actor_id: string | null;
  subject: string | null;
  command: string;
  correlation: string;
  policy_revision: number | null;
  at: Date;
}>;

/** Who did what to whom, in the order of the log. It holds no personal data: names stand behind the ids. */
export const auditTrail: Projection = {
  name: 'audit_trail',
  version: 1,
  categories: 'all',
  key: ['event_id'],
  columns: (table) => {
    table.uuid('tenant').notNullable();
    table.uuid('event_id').notNullable();
    table.text('position').notNullable();
    table.text('type').notNullable();
    table.text('stream').notNullable();
    table.integer('revision').notNullable();
    table.text('actor_kind').notNullable();
    table.text('actor_id');
    table.text('subject');
    table.text('command').notNullable();
    table.text('correlation').notNullable();
    table.integer('policy_revision');
    table.timestamp('at').notNullable();
    table.timestamp('recorded_at').notNullable();
    table.index(['tenant', 'recorded_at', 'event_id']);
    table.index(['tenant', 'subject', 'recorded_at']);
  },
  on: (rows, { event, ...recorded }) =>
    rows.insert({
      tenant: recorded.tenant,
      event_id: recorded.id,
      position: recorded.position,
      type: event.type,
      stream: recorded.stream,
      revision: recorded.revision,
      actor_kind: recorded.actor.kind,
      actor_id: recorded.actor.kind === 'anonymous' ? null : recorded.actor.id,
      subject: recorded.subjects[0] ?? null,
      command: recorded.commandId,
      correlation: recorded.correlationId,
      policy_revision: recorded.policyRevision ?? null,
      at: recorded.occurredAt,
      recorded_at: recorded.recordedAt,
    }),
};

export type AuditFilter = Readonly<{ type?: string; subject?: string; actor?: string; from?: string; to?: string }>;
export type AuditPlace = Readonly<{ recordedAt: string; eventId: string }>;

/** Newest first. */
export async function auditRecords(
  knex: Knex,
  tenant: TenantId,
  filter: AuditFilter,
  limit: number,
  after?: AuditPlace,
): Promise<readonly (AuditRow & Readonly<{ recorded_at: Date }>)[]> {
  const query = knex(tableName(auditTrail))
    .where({ tenant })
    .orderBy([
      { column: 'recorded_at', order: 'desc' },
      { column: 'event_id', order: 'desc' },
    ]);
  if (filter.type !== undefined) query.where({ type: filter.type });
  if (filter.subject !== undefined) query.where({ subject: filter.subject });
  if (filter.actor !== undefined) query.where({ actor_id: filter.actor });
  if (filter.from !== undefined) query.where('recorded_at', '>=', filter.from);
  if (filter.to !== undefined) query.where('recorded_at', '<', filter.to);
  if (after) query.whereRaw('(recorded_at, event_id) < (?, ?)', [after.recordedAt, after.eventId]);
  return query.limit(limit);
}
