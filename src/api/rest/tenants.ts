import { IsIn, IsInt, IsObject, IsOptional, IsString, Length, Matches } from 'class-validator';
import type { TenantPolicy } from '../../application/tenants.js';
import { origins } from '../../domain/tenant/settings.js';
import { suspensionReason, type TenantCommand } from '../../domain/tenant/tenant.js';
import type { TenantId } from '../../domain/values.js';
import { empty, json, page } from '../answer/responses.js';
import { OneLine } from '../request/one-line.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

export class NewTenantBody {
  /** Stands in issuer URLs and never changes. */
  @IsString() @Matches(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/) slug!: string;
  @IsString() @Length(1, 100) @OneLine() name!: string;
}

export class TenantNameBody {
  @IsString() @Length(1, 100) @OneLine() name!: string;
}

export class TenantView {
  @IsString() id!: string;
  @IsString() slug!: string;
  @IsString() name!: string;
  @IsIn(['active', 'suspended']) status!: string;
  @IsString() issuer!: string;
}

export class TenantListView {
  @IsString() id!: string;
  @IsString() slug!: string;
  @IsIn(['active', 'suspended']) status!: string;
  @IsString() issuer!: string;
}

export class SuspendTenantBody {
  @IsString() @Length(1, 200) @OneLine() reason!: string;
}

export class SettingsView {
  /** Every value in force. */
  @IsObject() effective!: object;
  /** By dotted path: the value and whether it is the default or the tenant's own. */
  @IsObject() origins!: object;
  /** What the tenant sets itself; send it back changed. */
  @IsObject() overrides!: object;
  /** Number of changes so far. */
  @IsInt() policyRevision!: number;
}

export class SettingsBody {
  @IsOptional() @IsObject() overrides?: object;
}

const example: TenantView = {
  id: '0199b000-0000-7000-8000-00000000000a',
  slug: 'acme',
  name: 'Acme',
  status: 'active',
  issuer: 'https://id.example.com/t/acme',
};

const settingsExample: SettingsView = {
  effective: { password: { minLength: 15 } },
  origins: { 'password.minLength': { value: 15, origin: 'default' } },
  overrides: {},
  policyRevision: 0,
};

const view = (policy: TenantPolicy, issuer: string): TenantView => ({
  id: policy.id,
  slug: policy.slug,
  name: policy.name,
  status: policy.status,
  issuer,
});

const settingsView = ({ settings, overrides, policyRevision }: TenantPolicy): SettingsView => ({
  effective: settings,
  origins: origins(overrides),
  overrides,
  policyRevision,
});

/** Commands on a tenant by an installation administrator. */
const plainCommands = [
  ['reactivateTenant', 'reactivate', 'Reactivate a tenant', 'ReactivateTenant'],
  ['removeTenant', 'remove', 'Remove a tenant for good', 'RemoveTenant'],
] as const satisfies readonly (readonly [string, string, string, TenantCommand['type']])[];

export class SetupBody {
  @IsString() @Length(10, 200) token!: string;
  @IsString() @Length(3, 320) email!: string;
  @IsString() @Length(1, 4_096) password!: string;
}

export const tenantRoutes = [
  route({
    id: 'setUp',
    method: 'post',
    path: '/api/v1/setup',
    summary: 'Make the first administrator',
    description: 'With the token of the link that the first start prints. It works once.',
    tag: 'tenants',
    access: 'public',
    rateLimit: 'sign-in',
    body: accepts(SetupBody, {
      token: '3yGk0aBXq1Z9rT5mW8cJ2vLd',
      email: 'root@example.com',
      password: 'correct horse battery staple',
    }),
    responses: { 204: empty('Done: sign in at the tenant `system`.') },
    problems: ['invalid-proof', 'busy'],
    handler:
      ({ firstStart }: Pick<Services, 'firstStart'>) =>
      async ({ body, id }) => {
        const { token, ...first } = body;
        const { position } = await firstStart.setUp(firstStart.setupContext(id), token, first);
        return { status: 204, position };
      },
  }),
  route({
    id: 'createTenant',
    method: 'post',
    path: '/api/v1/tenants',
    summary: 'Create a tenant',
    tag: 'tenants',
    access: 'installation-admin',
    idempotent: true,
    body: accepts(NewTenantBody, { slug: 'acme', name: 'Acme' }),
    responses: { 201: json(TenantView, 'The tenant.', example) },
    problems: ['tenant-slug-taken', 'tenant-slug-invalid'],
    handler:
      ({ tenants, issuers }: Pick<Services, 'tenants' | 'issuers'>) =>
      async ({ body, context }) => {
        const { id, position } = await tenants.createNew(context, body.slug, body.name);
        const policy = await tenants.policy(id);
        return {
          status: 201,
          body: view(policy, issuers.of(policy.slug)),
          position,
          location: `/api/v1/tenants/${policy.slug}`,
        };
      },
  }),
  route({
    id: 'listTenants',
    method: 'get',
    path: '/api/v1/tenants',
    summary: 'List tenants',
    tag: 'tenants',
    access: 'installation-admin',
    paged: true,
    responses: {
      200: page(TenantListView, 'By id.', { id: example.id, slug: 'acme', status: 'active', issuer: example.issuer }),
    },
    handler:
      ({ securityRows, issuers }: Pick<Services, 'securityRows' | 'issuers'>) =>
      async ({ page: { limit, after } }) => {
        const rows = await securityRows.tenants(limit + 1, after?.['id'] as TenantId | undefined);
        const last = rows.length > limit ? rows[limit - 1] : undefined;
        const items = rows.slice(0, limit).map((row) => ({ ...row, issuer: issuers.of(row.slug) }));
        return { status: 200, body: { items }, next: last && { id: last.id } };
      },
  }),
  route({
    id: 'viewTenant',
    method: 'get',
    path: '/api/v1/tenants/:tenant',
    summary: 'View a tenant',
    tag: 'tenants',
    access: 'installation-admin',
    responses: { 200: json(TenantView, 'The tenant.', example) },
    handler:
      ({ tenants, issuers }: Pick<Services, 'tenants' | 'issuers'>) =>
      async ({ tenant }) => {
        const policy = await tenants.policy(tenant.id);
        return { status: 200, body: view(policy, issuers.of(policy.slug)), revision: policy.revision };
      },
  }),
  route({
    id: 'renameTenant',
    method: 'patch',
    path: '/api/v1/tenants/:tenant',
    summary: 'Rename a tenant',
    tag: 'tenants',
    access: 'installation-admin',
    ifMatch: 'optional',
    body: accepts(TenantNameBody, { name: 'Acme Inc.' }, { mediaType: 'application/merge-patch+json' }),
    responses: { 204: empty('Renamed.') },
    handler:
      ({ tenants }: Pick<Services, 'tenants'>) =>
      async ({ body, context, expectedRevision }) => {
        const { position } = await tenants.change(
          context,
          { type: 'RenameTenant', name: body.name, at: context.at },
          expectedRevision,
        );
        return { status: 204, position };
      },
  }),
  route({
    id: 'suspendTenant',
    method: 'post',
    path: '/api/v1/tenants/:tenant/suspend',
    summary: 'Suspend a tenant',
    description: 'Ends every session and token of everybody in it, at once.',
    tag: 'tenants',
    access: 'installation-admin',
    idempotent: true,
    body: accepts(SuspendTenantBody, { reason: 'Unpaid' }),
    responses: { 204: empty('Suspended.') },
    problems: ['tenant-reserved'],
    handler:
      ({ tenants }: Pick<Services, 'tenants'>) =>
      async ({ body, context }) => {
        const { position } = await tenants.change(context, {
          type: 'SuspendTenant',
          reason: suspensionReason(body.reason),
          at: context.at,
        });
        return { status: 204, position };
      },
  }),
  ...plainCommands.map(([id, path, summary, type]) =>
    route({
      id,
      method: 'post',
      path: `/api/v1/tenants/:tenant/${path}` as '/api/v1/tenants/:tenant/command',
      summary,
      tag: 'tenants',
      access: 'installation-admin',
      idempotent: true,
      responses: { 204: empty('Done.') },
      problems: ['tenant-reserved'],
      handler:
        ({ tenants }: Pick<Services, 'tenants'>) =>
        async ({ context }) => {
          const { position } = await tenants.change(context, { type, at: context.at });
          return { status: 204, position };
        },
    }),
  ),
  route({
    id: 'viewSettings',
    method: 'get',
    path: '/t/:tenant/api/v1/settings',
    summary: 'Settings in force, and where each value comes from',
    tag: 'settings',
    access: 'tenant-admin',
    responses: { 200: json(SettingsView, 'The settings.', settingsExample) },
    handler:
      ({ tenants }: Pick<Services, 'tenants'>) =>
      async ({ tenant }) => {
        const policy = await tenants.policy(tenant.id);
        return { status: 200, body: settingsView(policy), revision: policy.revision };
      },
  }),
  route({
    id: 'changeSettings',
    method: 'put',
    path: '/t/:tenant/api/v1/settings',
    summary: 'Replace the tenant’s own settings',
    tag: 'settings',
    access: 'tenant-admin',
    ifMatch: 'optional',
    idempotent: true,
    body: accepts(SettingsBody, { overrides: { password: { minLength: 12 } } }),
    responses: { 200: json(SettingsView, 'The settings now in force.', settingsExample) },
    handler:
      ({ tenants }: Pick<Services, 'tenants'>) =>
      async ({ body, context, expectedRevision }) => {
        const overrides = tenants.checkedOverrides(body.overrides ?? {});
        const { position } = await tenants.change(
          context,
          { type: 'ChangeSettings', overrides, at: context.at },
          expectedRevision,
        );
        const policy = await tenants.policy(context.tenant);
        return { status: 200, body: settingsView(policy), revision: policy.revision, position };
      },
  }),
];
