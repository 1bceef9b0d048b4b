import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import type { PresentClient } from '../../application/clients.js';
import { standardScopes } from '../../domain/authorization/scopes.js';
import type { ClientCommand } from '../../domain/client/client.js';
import { type ClientKind, clientKinds, kindOf, usually } from '../../domain/client/kinds.js';
import { isConfidential } from '../../domain/client/metadata.js';
import { type ClientId, plusSeconds } from '../../domain/values.js';
import { empty, json, page } from '../answer/responses.js';
import { changedMetadata, ClientPatchBody, NewClientBody, newMetadata } from './client-description.js';
import type { ProblemCode } from '../problems.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

export class ClientSecretView {
  @IsString() client!: string;
  /** Shown once. */
  @IsOptional() @IsString() secret?: string;
}

export class RotateSecretQuery {
  /** For how long the old secret stays good; 0, or nothing said, ends it and everything made under it at once. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(30 * 86_400) keepOldSeconds?: number;
}

const example: ClientSecretView = { client: '0199b000-0000-5000-8000-00000000000c', secret: 'annal_cs_4fGk…' };

const plainCommands = [
  ['disableClient', 'disable', 'Disable a client', 'DisableClient'],
  ['enableClient', 'enable', 'Enable a client', 'EnableClient'],
  ['removeClient', 'remove', 'Remove a client', 'RemoveClient'],
] as const satisfies readonly (readonly [string, string, string, ClientCommand['type']])[];

export class ClientView {
  @IsString() id!: string;
  @IsString() name!: string;
  @IsIn(['enabled', 'disabled']) status!: string;
  @IsBoolean() confidential!: boolean;
}

export class ClientDetailView {
  @IsString() id!: string;
  @IsString() name!: string;
  @IsIn(['enabled', 'disabled']) status!: string;
  /** Follows from what the client says. */
  @IsIn(clientKinds) kind!: ClientKind;
  @IsBoolean() confidential!: boolean;
  /** When the secret before the current one ends, where it was kept. */
  @IsOptional() @IsString() oldSecretUntil?: string;
  /** What it says, in the words in which it is changed; `jwks` as a key set. */
  @IsObject() metadata!: object;
}

export class ClientListQuery {
  /** Looked for in names. */
  @IsOptional() @IsString() @Length(1, 100) search?: string;
}

const detailExample: ClientDetailView = {
  id: example.client,
  name: 'Shop',
  status: 'enabled',
  kind: 'web',
  confidential: true,
  metadata: {
    ...usually.web,
    redirectUris: ['https://shop.example.com/callback'],
    postLogoutRedirectUris: [],
    scopes: standardScopes,
    requirePkce: true,
  },
};

function detailView(id: ClientId, client: PresentClient): ClientDetailView {
  const { name, status, metadata, oldSecret } = client;
  const { jwks, ...rest } = metadata;
  return {
    id,
    name,
    status,
    kind: kindOf(metadata),
    confidential: isConfidential(metadata),
    ...(oldSecret && { oldSecretUntil: oldSecret.until }),
    metadata: { ...rest, ...(jwks && { jwks: { keys: jwks } }) },
  };
}

const metadataProblems = [
  'redirect-uris-needed',
  'redirect-uris-of-nothing',
  'refresh-without-code',
  'public-client-without-pkce',
  'credentials-of-public-client',
  'keys-needed',
  'keys-twice',
  'algorithm-not-of-method',
] as const satisfies readonly ProblemCode[];

export const clientRoutes = [
  route({
    id: 'listClients',
    method: 'get',
    path: '/t/:tenant/api/v1/clients',
    summary: 'List clients',
    tag: 'clients',
    access: 'tenant-admin',
    paged: true,
    query: ClientListQuery,
    responses: {
      200: page(ClientView, 'By id.', {
        id: example.client,
        name: 'Orders API',
        status: 'enabled',
        confidential: true,
      }),
    },
    handler:
      ({ securityRows }: Pick<Services, 'securityRows'>) =>
      async ({ tenant, query, page: { limit, after } }) => {
        const from = after?.['id'] as ClientId | undefined;
        const rows = await securityRows.clients(tenant.id, limit + 1, from, query.search);
        const last = rows.length > limit ? rows[limit - 1] : undefined;
        return { status: 200, body: { items: rows.slice(0, limit) }, next: last && { id: last.id } };
      },
  }),
  route({
    id: 'registerClient',
    method: 'post',
    path: '/t/:tenant/api/v1/clients',
    summary: 'Register an application or API',
    tag: 'clients',
    access: 'tenant-admin',
    idempotent: true,
    body: accepts(NewClientBody, { name: 'Shop', kind: 'web', redirectUris: ['https://shop.example.com/callback'] }),
    responses: { 201: json(ClientSecretView, 'The client; its secret is never shown again.', example) },
    problems: ['invalid-fields', ...metadataProblems],
    handler:
      ({ clients }: Pick<Services, 'clients'>) =>
      async ({ body, context }) => {
        const { position, ...made } = await clients.register(context, body.name, newMetadata(body));
        return { status: 201, body: made, position };
      },
  }),
  route({
    id: 'readClient',
    method: 'get',
    path: '/t/:tenant/api/v1/clients/:client',
    summary: 'A client and what it says of itself',
    tag: 'clients',
    access: 'tenant-admin',
    responses: { 200: json(ClientDetailView, 'The client, without its secret.', detailExample) },
    problems: ['no-such-client'],
    handler:
      ({ clients }: Pick<Services, 'clients'>) =>
      async ({ params, tenant }) => {
        const id = params.client as ClientId;
        const { client, revision } = await clients.view(tenant.id, id);
        return { status: 200, body: detailView(id, client), revision };
      },
  }),
  route({
    id: 'changeClient',
    method: 'patch',
    path: '/t/:tenant/api/v1/clients/:client',
    summary: 'Change what a client says of itself',
    description:
      'What was given to the client stays. A client that proves itself in another way than before has no secret until it is given one.',
    tag: 'clients',
    access: 'tenant-admin',
    ifMatch: 'optional',
    body: accepts(ClientPatchBody, { name: 'Boutique' }, { mediaType: 'application/merge-patch+json' }),
    responses: { 200: json(ClientDetailView, 'The client.', detailExample) },
    problems: ['no-such-client', 'client-kind-fixed', 'invalid-fields', ...metadataProblems],
    handler:
      ({ clients }: Pick<Services, 'clients'>) =>
      async ({ body: { name, ...said }, context, params, expectedRevision }) => {
        const id = params.client as ClientId;
        const { position } = await clients.describe(
          context,
          id,
          (current) => ({ name: name ?? current.name, metadata: changedMetadata(current.metadata, said) }),
          expectedRevision,
        );
        const { client, revision } = await clients.view(context.tenant, id);
        return { status: 200, body: detailView(id, client), revision, position };
      },
  }),
  route({
    id: 'rotateClientSecret',
    method: 'post',
    path: '/t/:tenant/api/v1/clients/:client/secret',
    summary: 'Give a client a new secret',
    description:
      'The old secret, and everything that was given to the client, ends at once; with `keepOldSeconds` both stay good, the secret for so long.',
    tag: 'clients',
    access: 'tenant-admin',
    idempotent: true,
    query: RotateSecretQuery,
    responses: { 200: json(ClientSecretView, 'The new secret; it is never shown again.', example) },
    problems: ['no-such-client', 'client-not-confidential'],
    handler:
      ({ clients }: Pick<Services, 'clients'>) =>
      async ({ query, context, params }) => {
        const keptUntil = plusSeconds(context.at, query.keepOldSeconds ?? 0);
        const { position, ...made } = await clients.rotateSecret(context, params.client as ClientId, keptUntil);
        return { status: 200, body: made, position };
      },
  }),
  ...plainCommands.map(([id, path, summary, type]) =>
    route({
      id,
      method: 'post',
      path: `/t/:tenant/api/v1/clients/:client/${path}` as '/t/:tenant/api/v1/clients/:client/command',
      summary,
      tag: 'clients',
      access: 'tenant-admin',
      idempotent: true,
      responses: { 204: empty('Done.') },
      problems: ['no-such-client'],
      handler:
        ({ clients }: Pick<Services, 'clients'>) =>
        async ({ context, params }) => {
          const { position } = await clients.change(context, params.client as ClientId, { type, at: context.at });
          return { status: 204, position };
        },
    }),
  ),
];
