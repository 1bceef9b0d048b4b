import type { Knex } from 'knex';
import type { ApiKeyDescription, ApiKeyEvent, ApiKeyOwner } from '../domain/api-key/api-key.js';
import { reveal, type Sealed, type TenantId } from '../domain/values.js';
import { type Columns, type Projection, tableName, unchanged } from './projection.js';

export type ApiKeyListRow = Readonly<{
  id: string;
  owner_kind: ApiKeyOwner['kind'];
  owner_id: string | null;
  name: string | null;
  tags: Readonly<Record<string, string>> | null;
  status: string;
  scopes: readonly string[];
  created_at: Date;
  expires_at: Date | null;
}>;

const described = (about: Sealed<ApiKeyDescription>): Columns => {
  const { name = null, tags } = reveal(about) ?? {};
  return { name, tags: tags ? JSON.stringify(tags) : null };
};

/** API keys as administrators search them. */
export const apiKeys: Projection<ApiKeyEvent> = {
  name: 'api_keys',
  version: 1,
  categories: ['apikey'],
  key: ['tenant', 'id'],
  personal: { subject: 'owner_id', columns: ['name', 'tags'] },
  columns: (table) => {
    table.uuid('tenant').notNullable();
    table.text('id').notNullable();
    table.text('owner_kind').notNullable();
    table.text('owner_id');
    table.text('name');
    table.jsonb('tags');
    table.text('status').notNullable();
    table.specificType('scopes', 'text[]').notNullable();
    table.timestamp('created_at').notNullable();
    table.timestamp('expires_at');
    table.index(['tenant', 'id']);
  },
  on: {
    'api-key.created': (rows, { tenant, event }) =>
      rows.insert({
        tenant,
        id: event.key,
        owner_kind: event.owner.kind,
        owner_id: event.owner.kind === 'tenant' ? null : event.owner.id,
        ...described(event.about),
        status: 'active',
        scopes: event.scopes,
        created_at: event.at,
        expires_at: event.expiresAt ?? null,
      }),
    'api-key.changed': (rows, { tenant, event }) =>
      rows.update(
        { tenant, id: event.key },
        { ...described(event.about), scopes: event.scopes, expires_at: event.expiresAt ?? null },
      ),
    'api-key.rotated': unchanged,
    'api-key.revoked': (rows, { tenant, event }) => rows.update({ tenant, id: event.key }, { status: 'revoked' }),
    'api-key.used': unchanged,
  },
};

export type ApiKeySearch = Readonly<{
  owner?: string;
  status?: string;
  text?: string;
  /** All of these, with these values. */
  tags?: Readonly<Record<string, string>>;
}>;

/** By id, which is the order of creation. */
export async function searchApiKeys(
  knex: Knex,
  tenant: TenantId,
  { owner, status, text, tags }: ApiKeySearch,
  limit: number,
  after?: string,
): Promise<readonly ApiKeyListRow[]> {
  const query = knex(tableName(apiKeys)).where({ tenant }).orderBy('id');
  if (owner !== undefined) query.where({ owner_id: owner });
  if (status !== undefined) query.where({ status });
  if (text !== undefined) query.whereILike('name', `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`);
  if (tags) query.whereRaw('tags @> ?::jsonb', [JSON.stringify(tags)]);
  if (after !== undefined) query.where('id', '>', after);
  return query.limit(limit);
}
