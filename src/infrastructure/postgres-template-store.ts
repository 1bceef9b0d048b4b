import type pg from 'pg';
import type { NotificationKind } from '../application/notifications/kinds.js';
import { type StoredTemplate, TemplateStore } from '../application/ports/template-store.js';
import type { TemplateParts } from '../domain/notification-template/notification-template.js';
import type { TenantId } from '../domain/values.js';
import { notificationTemplates } from '../projections/inline/notification-templates.js';
import { tableName } from '../projections/projection.js';

type Row = Readonly<{ kind: NotificationKind; locale: string; parts: string; revision: number }>;

/** Revisions of streams begin at 0, which is here that of a template that is not stored. */
const list = `
  select kind, locale, parts, revision + 1 as revision from ${tableName(notificationTemplates)}
   where tenant = $1 and kind is not null and ($2::text is null or kind = $2) order by kind, locale`;

export class PostgresTemplateStore extends TemplateStore {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async list(tenant: TenantId, kind?: NotificationKind): Promise<readonly StoredTemplate[]> {
    const { rows } = await this.pool.query<Row>(list, [tenant, kind ?? null]);
    return rows.map((row) => ({ ...row, parts: JSON.parse(row.parts) as TemplateParts }));
  }
}
