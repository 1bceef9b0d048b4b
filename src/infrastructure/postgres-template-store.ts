import type pg from 'pg';
import type { NotificationKind } from '../application/notifications/kinds.js';
import { type NewTemplate, type StoredTemplate, TemplateStore } from '../application/ports/template-store.js';
import type { TenantId } from '../domain/values.js';

const place = 'tenant = $1 and kind = $2 and locale = $3';
const revision = 'revision::int as revision';
const changed = `changed_at = now(), revision = nextval('notification_template_revisions')`;

const list = `
  select kind, locale, parts, ${revision} from notification_templates
   where tenant = $1 and ($2::text is null or kind = $2) order by kind, locale`;

const insert = 'insert into notification_templates (tenant, kind, locale, parts) values ($1, $2, $3, $4)';
const putNew = `${insert} on conflict do nothing returning ${revision}`;
const putAny = `
  ${insert} on conflict (tenant, kind, locale) do update set parts = excluded.parts, ${changed} returning ${revision}`;
const putOver = `
  update notification_templates set parts = $4, ${changed} where ${place} and revision = $5 returning ${revision}`;

const isStored = `select from notification_templates where ${place}`;
const removeAny = `delete from notification_templates where ${place}`;
const removeAt = `${removeAny} and revision = $4`;

export class PostgresTemplateStore extends TemplateStore {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  async list(tenant: TenantId, kind?: NotificationKind): Promise<readonly StoredTemplate[]> {
    return (await this.pool.query<StoredTemplate>(list, [tenant, kind ?? null])).rows;
  }

  async put(tenant: TenantId, { kind, locale, parts }: NewTemplate, expected?: number): Promise<number | undefined> {
    const values = [tenant, kind, locale, parts];
    const statement = expected === undefined ? putAny : expected === 0 ? putNew : putOver;
    const { rows } = await this.pool.query<{ revision: number }>(statement, expected ? [...values, expected] : values);

    return rows[0]?.revision;
  }

  async remove(tenant: TenantId, kind: NotificationKind, locale: string, expected?: number): Promise<boolean> {
    const values = [tenant, kind, locale];
    if (expected === 0) return (await this.pool.query(isStored, values)).rowCount === 0;
    if (expected !== undefined) return (await this.pool.query(removeAt, [...values, expected])).rowCount === 1;
    await this.pool.query(removeAny, values);

    return true;
  }
}
