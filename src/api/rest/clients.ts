import { IsBoolean, IsIn, IsOptional, IsString, Length } from 'class-validator';
import type { ClientCommand } from '../../domain/client/client.js';
import type { ClientId } from '../../domain/values.js';
import { empty, json, page } from '../answer/responses.js';
import { OneLine } from '../request/one-line.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

export class NewClientBody {
  @IsString() @Length(1, 100) @OneLine() name!: string;
  /** Confidential clients have a secret and may introspect tokens; public ones (apps, browsers) cannot keep one. */
  @IsBoolean() confidential!: boolean;
}

export class ClientSecretView {
  @IsString() client!: string;
  /** Shown once. */
  @IsOptional() @IsString() secret?: string;
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

export const clientRoutes = [
  route({
    id: 'listClients',
    method: 'get',
    path: '/t/:tenant/api/v1/clients',
    summary: 'List clients',
    tag: 'clients',
    access: 'tenant-admin',
    paged: true,
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
      async ({ tenant, page: { limit, after } }) => {
        const rows = await securityRows.clients(tenant.id, limit + 1, after?.['id'] as ClientId | undefined);
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
    body: accepts(NewClientBody, { name: 'Orders API', confidential: true }),
    responses: { 201: json(ClientSecretView, 'The client; its secret is never shown again.', example) },
    handler:
      ({ clients }: Pick<Services, 'clients'>) =>
      async ({ body, context }) => {
        const { position, ...made } = await clients.register(context, body.name, body.confidential);
        return { status: 201, body: made, position };
      },
  }),
  route({
    id: 'rotateClientSecret',
    method: 'post',
    path: '/t/:tenant/api/v1/clients/:client/secret',
    summary: 'Give a client a new secret',
    description: 'The old secret, and everything that was given to the client, ends at once.',
    tag: 'clients',
    access: 'tenant-admin',
    idempotent: true,
    responses: { 200: json(ClientSecretView, 'The new secret; it is never shown again.', example) },
    problems: ['no-such-client', 'client-not-confidential'],
    handler:
      ({ clients }: Pick<Services, 'clients'>) =>
      async ({ context, params }) => {
        const { position, ...made } = await clients.rotateSecret(context, params.client as ClientId);
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
