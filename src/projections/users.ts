import type { Knex } from 'knex';
import type { CredentialsEvent } from '../domain/credentials/events.js';
import type { SignInEvent } from '../domain/signin/signin.js';
import type { Identifier, Profile, UserEvent } from '../domain/user/events.js';
import { reveal, type Sealed, type TenantId } from '../domain/values.js';
import { type Columns, type Projection, tableName, unchanged } from './projection.js';

export type UserRow = Readonly<{
  id: string;
  status: string;
  email: string | null;
  email_verified: boolean;
  username: string | null;
  phone: string | null;
  phone_verified: boolean;
  first_name: string | null;
  last_name: string | null;
  locale: string | null;
  administrator: boolean;
  created_at: Date;
  last_sign_in_at: Date | null;
}>;

type Described = {
  identifiers: readonly Identifier[];
  profile: Sealed<Profile>;
  locale: string;
  administrator: boolean;
};

const names = (profile: Sealed<Profile>): Columns => {
  const { firstName, lastName } = reveal(profile) ?? {};
  return { first_name: firstName ?? null, last_name: lastName ?? null };
};

function identifier({ kind, value, verified }: Pick<Identifier, 'kind' | 'value' | 'verified'>): Columns {
  const clear = reveal(value) ?? null;
  return kind === 'username' ? { username: clear } : { [kind]: clear, [`${kind}_verified`]: verified };
}

const described = ({ identifiers, profile, locale, administrator }: Described): Columns =>
  identifiers.reduce((columns, one) => ({ ...columns, ...identifier(one) }), {
    ...names(profile),
    locale,
    administrator,
  });

const absent: Columns = { email: null, email_verified: false, username: null, phone: null, phone_verified: false };

/** People as administrators list and search them. Kept by user events and the newest sign-in. */
export const users: Projection<UserEvent | SignInEvent | CredentialsEvent> = {
  name: 'users',
  version: 1,
  categories: ['user', 'signin', 'credentials'],
  key: ['tenant', 'id'],
  personal: { subject: 'id', columns: ['email', 'username', 'phone', 'first_name', 'last_name'] },
  columns: (table) => {
    table.uuid('tenant').notNullable();
    table.text('id').notNullable();
    table.text('status').notNullable();
    table.text('email');
    table.boolean('email_verified').notNullable().defaultTo(false);
    table.text('username');
    table.text('phone');
    table.boolean('phone_verified').notNullable().defaultTo(false);
    table.text('first_name');
    table.text('last_name');
    table.text('locale');
    table.boolean('administrator').notNullable().defaultTo(false);
    table.timestamp('created_at').notNullable();
    table.timestamp('password_set_at');
    table.timestamp('last_sign_in_at');
    table.index(['tenant', 'created_at', 'id']);
  },
  on: {
    'user.registered': (rows, { tenant, event }) =>
      rows.insert({
        tenant,
        id: event.user,
        status: 'active',
        ...absent,
        ...described(event),
        created_at: event.at,
        password_set_at: null,
        last_sign_in_at: null,
      }),
    'user.invited': (rows, { tenant, event }) =>
      rows.insert({
        tenant,
        id: event.user,
        status: 'invited',
        ...absent,
        ...described(event),
        created_at: event.at,
        password_set_at: null,
        last_sign_in_at: null,
      }),
    'user.invitation-repeated': (rows, { tenant, event }) =>
      rows.update({ tenant, id: event.user }, { status: 'invited' }),
    'user.invitation-accepted': (rows, { tenant, event }) =>
      rows.update({ tenant, id: event.user }, { status: 'active', email_verified: true }),
    'user.abandoned': unchanged,
    'user.registration-repeated': unchanged,
    'user.verification-requested': unchanged,
    'user.identifier-verified': (rows, { tenant, event }) =>
      rows.update({ tenant, id: event.user }, { [`${event.kind}_verified`]: true }),
    'user.identifier-change-requested': unchanged,
    'user.identifier-changed': (rows, { tenant, event }) => rows.update({ tenant, id: event.user }, identifier(event)),
    'user.identifier-removed': (rows, { tenant, event }) =>
      rows.update(
        { tenant, id: event.user },
        event.kind === 'username' ? { username: null } : { [event.kind]: null, [`${event.kind}_verified`]: false },
      ),
    'user.profile-changed': (rows, { tenant, event }) =>
      rows.update({ tenant, id: event.user }, { ...names(event.profile), locale: event.locale }),
    'user.administrator-appointed': (rows, { tenant, event }) =>
      rows.update({ tenant, id: event.user }, { administrator: true }),
    'user.administrator-dismissed': (rows, { tenant, event }) =>
      rows.update({ tenant, id: event.user }, { administrator: false }),
    'user.departure-abandoned': unchanged,
    'user.suspended': (rows, { tenant, event }) => rows.update({ tenant, id: event.user }, { status: 'suspended' }),
    'user.reactivated': (rows, { tenant, event }) => rows.update({ tenant, id: event.user }, { status: 'active' }),
    'user.deactivated': (rows, { tenant, event }) => rows.update({ tenant, id: event.user }, { status: 'deactivated' }),
    'user.undeleted': (rows, { tenant, event }) => rows.update({ tenant, id: event.user }, { status: 'active' }),
    'user.sessions-revoked': unchanged,
    'user.erased': (rows, { tenant, event }) =>
      rows.update(
        { tenant, id: event.user },
        { status: 'erased', ...absent, first_name: null, last_name: null, locale: null, administrator: false },
      ),

    'credentials.password-set': (rows, { tenant, event }) =>
      rows.update({ tenant, id: event.user }, { password_set_at: event.at }),
    'credentials.password-changed': (rows, { tenant, event }) =>
      rows.update({ tenant, id: event.user }, { password_set_at: event.at }),
    'credentials.password-reset': (rows, { tenant, event }) =>
      rows.update({ tenant, id: event.user }, { password_set_at: event.at }),
    'credentials.password-check-failed': unchanged,
    'credentials.password-rehashed': unchanged,
    'credentials.password-reset-requested': unchanged,
    'credentials.password-change-required': unchanged,
    'credentials.password-removed': (rows, { tenant, event }) =>
      rows.update({ tenant, id: event.user }, { password_set_at: null }),

    'signin.succeeded': (rows, { tenant, event }) =>
      rows.update({ tenant, id: event.user }, { last_sign_in_at: event.at }),
    'signin.failed': unchanged,
    'signin.refused': unchanged,
  },
};

export type UserSearch = Readonly<{ text?: string; status?: string; administrator?: boolean }>;
/** Where the last page ended: newest first, then by id. */
export type UserPlace = Readonly<{ createdAt: string; id: string }>;

/** Newest first. `text` is looked for in names, addresses and user names, whatever its case. */
export async function searchUsers(
  knex: Knex,
  tenant: TenantId,
  search: UserSearch,
  limit: number,
  after?: UserPlace,
): Promise<readonly UserRow[]> {
  const query = knex(tableName(users))
    .where({ tenant })
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ]);
  if (search.status === undefined) query.whereNot({ status: 'erased' });
  else query.where({ status: search.status });
  if (search.administrator !== undefined) query.where({ administrator: search.administrator });
  if (search.text !== undefined) {
    const pattern = `%${search.text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
    query.where((any) => {
      for (const column of ['email', 'username', 'phone', 'first_name', 'last_name']) any.orWhereILike(column, pattern);
    });
  }
  if (after) query.whereRaw('(created_at, id) < (?, ?)', [after.createdAt, after.id]);
  return query.limit(limit);
}
