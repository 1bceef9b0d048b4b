import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';
import type { UserId } from '../../domain/values.js';
import { searchUsers, type UserPlace, type UserRow, type UserSearch } from '../../projections/users.js';
import { json, page } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';
import { accountExample, AccountView, accountView, ProfileBody } from './account.js';
import { sessionsExample, SessionsView, sessionsView } from './sessions.js';
import { namesOf, PersonBody, profileOf } from './registration.js';

export class NewUserBody extends PersonBody {
  /** Without one the person is invited and chooses it. */
  @IsOptional() @IsString() @MaxLength(4_096) password?: string;
  /** The addresses are known to be the person's. */
  @IsOptional() @IsBoolean() verified?: boolean;
  @IsOptional() @IsBoolean() administrator?: boolean;
}

export class NewUserView {
  @IsString() id!: string;
}

export class UserListView {
  @IsString() id!: string;
  @IsString() status!: string;
  @IsOptional() @IsString() email?: string;
  @IsBoolean() emailVerified!: boolean;
  @IsOptional() @IsString() username?: string;
  @IsOptional() @IsString() phone?: string;
  @IsOptional() @IsString() firstName?: string;
  @IsOptional() @IsString() lastName?: string;
  @IsBoolean() administrator!: boolean;
  @IsString() createdAt!: string;
  @IsOptional() @IsString() lastSignInAt?: string;
}

export class UserSearchQuery {
  /** Looked for in names, addresses and user names. */
  @IsOptional() @IsString() @Length(1, 100) search?: string;
  @IsOptional() @IsIn(['invited', 'active', 'suspended', 'deactivated', 'erased']) status?: string;
  @IsOptional()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown)))
  @IsBoolean()
  administrator?: boolean;
}

const listExample: UserListView = {
  id: accountExample.id,
  status: 'active',
  email: 'ada@example.com',
  emailVerified: true,
  firstName: 'Ada',
  lastName: 'Lovelace',
  administrator: false,
  createdAt: '2026-11-22T10:00:00.000Z',
};

function listView(row: UserRow): UserListView {
  const optional = {
    email: row.email,
    username: row.username,
    phone: row.phone,
    firstName: row.first_name,
    lastName: row.last_name,
    lastSignInAt: row.last_sign_in_at?.toISOString() ?? null,
  };
  return {
    id: row.id,
    status: row.status,
    emailVerified: row.email_verified,
    administrator: row.administrator,
    createdAt: row.created_at.toISOString(),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  };
}

export const userRoutes = [
  route({
    id: 'createUser',
    method: 'post',
    path: '/t/:tenant/api/v1/users',
    summary: 'Create or invite a person',
    tag: 'administration',
    access: 'tenant-admin',
    idempotent: true,
    body: accepts(NewUserBody, { email: 'grace@example.com', firstName: 'Grace', lastName: 'Hopper' }),
    responses: { 201: json(NewUserView, 'Created, or invited where no password was sent.', { id: accountExample.id }) },
    problems: ['identifier-taken', 'identifier-required', 'busy'],
    handler:
      ({ registration }: Pick<Services, 'registration'>) =>
      async ({ body, context, tenant }) => {
        const { locale, password } = body;
        const { user, position } = await registration.create(context, {
          names: namesOf(body),
          profile: profileOf(body),
          administrator: body.administrator ?? false,
          verified: body.verified ?? false,
          ...(locale !== undefined && { locale }),
          ...(password !== undefined && { password }),
        });
        return { status: 201, body: { id: user }, position, location: `/t/${tenant.slug}/api/v1/users/${user}` };
      },
  }),
  route({
    id: 'searchUsers',
    method: 'get',
    path: '/t/:tenant/api/v1/users',
    summary: 'Search people',
    tag: 'administration',
    access: 'tenant-admin',
    paged: true,
    reads: ['users'],
    query: UserSearchQuery,
    responses: { 200: page(UserListView, 'Newest first.', listExample) },
    handler:
      ({ knex }: Pick<Services, 'knex'>) =>
      async ({ tenant, query, page: { limit, after } }) => {
        const { search: text, status, administrator } = query;
        const search: UserSearch = {
          ...(text !== undefined && { text }),
          ...(status !== undefined && { status }),
          ...(administrator !== undefined && { administrator }),
        };
        const rows = await searchUsers(knex, tenant.id, search, limit + 1, after as UserPlace | undefined);
        const last = rows.length > limit ? rows[limit - 1] : undefined;
        const next = last && { createdAt: last.created_at.toISOString(), id: last.id };
        return { status: 200, body: { items: rows.slice(0, limit).map(listView) }, next };
      },
  }),
  route({
    id: 'viewUser',
    method: 'get',
    path: '/t/:tenant/api/v1/users/:user',
    summary: 'View a person',
    tag: 'administration',
    access: 'tenant-admin',
    responses: { 200: json(AccountView, 'The account.', accountExample) },
    problems: ['no-such-user'],
    handler:
      ({ profiles }: Pick<Services, 'profiles'>) =>
      async ({ context, params }) => {
        const { account, revision } = await profiles.view(context.tenant, params.user as UserId);
        return { status: 200, body: accountView(params.user, account), revision };
      },
  }),
  route({
    id: 'changeUser',
    method: 'patch',
    path: '/t/:tenant/api/v1/users/:user',
    summary: 'Change a person’s profile',
    tag: 'administration',
    access: 'tenant-admin',
    ifMatch: 'optional',
    body: accepts(ProfileBody, { lastName: 'Hopper' }, { mediaType: 'application/merge-patch+json' }),
    responses: { 200: json(AccountView, 'The account.', accountExample) },
    problems: ['no-such-user'],
    handler:
      ({ profiles }: Pick<Services, 'profiles'>) =>
      async ({ body, context, params, expectedRevision }) => {
        const { position } = await profiles.change(context, params.user as UserId, body, expectedRevision);
        const { account, revision } = await profiles.view(context.tenant, params.user as UserId);
        return { status: 200, body: accountView(params.user, account), revision, position };
      },
  }),
  route({
    id: 'listUserSessions',
    method: 'get',
    path: '/t/:tenant/api/v1/users/:user/sessions',
    summary: 'Where a person is signed in',
    tag: 'administration',
    access: 'tenant-admin',
    responses: { 200: json(SessionsView, 'Newest first.', sessionsExample) },
    problems: ['no-such-user'],
    handler:
      ({ sessions, profiles }: Pick<Services, 'sessions' | 'profiles'>) =>
      async ({ context, params }) => {
        await profiles.view(context.tenant, params.user as UserId);
        return { status: 200, body: await sessionsView(sessions, context, params.user as UserId, undefined) };
      },
  }),
];
