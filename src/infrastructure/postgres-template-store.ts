import type pg from 'pg';
import type { NotificationKind } from '../application/notifications/kinds.js';
import { type StoredTemplate, TemplateStore } from '../application/ports/template-store.js';
import type { TenantId } from '../domain/values.js';

export class PostgresTemplateStore extends TemplateStore {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async list(tenant: TenantId, kind?: NotificationKind): Promise<readonly StoredTemplate[]> {
    const { rows } = await this.pool.query<StoredTemplate>(
      `select kind, locale, parts from notification_templates
        where tenant = $1 and ($2::text is null or kind = $2) order by kind, locale`,
      [tenant, kind ?? null],
    );
    return rows;
  }

  async put(tenant: TenantId, { kind, locale, parts }: StoredTemplate): Promise<void> {
    await this.pool.query(
      `insert into notification_templates (tenant, kind, locale, parts) values ($1, $2, $3, $4)
       on conflict (tenant, kind, locale) do update set parts = excluded.parts, changed_at = now()`,
      [tenant, kind, locale, parts],
    );
  }

  async remove(tenant: TenantId, kind: NotificationKind, locale: string): Promise<void> {
    await this.pool.query('delete from notification_templates where tenant = $1 and kind = $2 and locale = $3', [
      tenant,
      kind,
      locale,
    ]);
  }
}
