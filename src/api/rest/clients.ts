import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { CommandRejected, type FieldError } from '../../application/command-rejected.js';
import { scopeForm, standardScopes } from '../../domain/authorization/scopes.js';
import type { ClientMetadata } from '../../domain/client/metadata.js';
import {
  type ApplicationType,
  redirectUriRefusal,
  type RedirectUriRefusal,
} from '../../domain/client/redirect-uris.js';
import type { ClientCommand } from '../../domain/client/client.js';
import { type SigningAlgorithm, signingAlgorithms } from '../../domain/signingkeys/signing-keys.js';
import type { ClientId } from '../../domain/values.js';
import { empty, json, page } from '../answer/responses.js';
import { OneLine } from '../request/one-line.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';

export class NewClientBody {
  @IsString() @Length(1, 100) @OneLine() name!: string;
  /** Confidential clients have a secret and may introspect tokens; public ones (apps, browsers) cannot keep one. */
  @IsBoolean() confidential!: boolean;
  /** `native` for apps on a device; anything else is `web`. */
  @IsOptional() @IsIn(['web', 'native']) applicationType?: ApplicationType;
  /** Where people are sent back to; with one of these, the client signs people in by authorization code. */
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) redirectUris?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) postLogoutRedirectUris?: string[];
  /** What it may ask for; `openid profile email phone offline_access` unless said otherwise. */
  @IsOptional() @IsArray() @ArrayMaxSize(50) @Matches(scopeForm, { each: true }) scopes?: string[];
  /** The tenant's own: nobody is asked for consent, and it may sign people in with its own form. */
  @IsOptional() @IsBoolean() firstParty?: boolean;
  /** Only a confidential client may do without PKCE. */
  @IsOptional() @IsBoolean() requirePkce?: boolean;
  /** What its ID tokens are signed with; ES256 unless said otherwise. */
  @IsOptional() @IsIn(signingAlgorithms) idTokenAlgorithm?: SigningAlgorithm;
}

/** @throws CommandRejected invalid-fields */
function metadataOf(body: NewClientBody): ClientMetadata {
  const { confidential, applicationType = 'web', redirectUris = [], postLogoutRedirectUris = [] } = body;
  const fields = [
    ...refusedUris(applicationType, 'redirectUris', redirectUris),
    ...refusedUris(applicationType, 'postLogoutRedirectUris', postLogoutRedirectUris),
  ];
  if (fields.length > 0) throw new CommandRejected('invalid-fields', { fields });
  const byCode = redirectUris.length > 0;
  return {
    applicationType,
    redirectUris,
    postLogoutRedirectUris,
    grantTypes: byCode ? ['authorization_code', 'refresh_token'] : [],
    authenticationMethod: confidential ? 'client_secret_basic' : 'none',
    scopes: body.scopes ?? (byCode ? standardScopes : []),
    firstParty: body.firstParty ?? !byCode,
    requirePkce: body.requirePkce ?? true,
    ...(body.idTokenAlgorithm && { idTokenAlgorithm: body.idTokenAlgorithm }),
  };
}

const refusedUris = (type: ApplicationType, field: string, uris: readonly string[]): readonly FieldError[] =>
  uris.flatMap((uri, index) => {
    const code = redirectUriRefusal(type, uri);
    return code ? [{ pointer: `/${field}/${index}`, code, message: refusals[code] }] : [];
  });

export class ClientSecretView {
  @IsString() client!: string;
  /** Shown once. */
  @IsOptional() @IsString() secret?: string;
}

const refusals: Readonly<Record<RedirectUriRefusal, string>> = {
  'not-absolute': 'must be an absolute URI',
  'has-fragment': 'must have no fragment (RFC 6749 section 3.1.2)',
  'has-user-info': 'must name nobody before the host',
  'has-wildcard': 'is compared byte by byte, so that a wildcard stands for nothing',
  'forbidden-character': 'has a character that no URI has',
  'scheme-not-allowed':
    'must begin with https, or for a native application with a private-use scheme that has a period (RFC 8252 section 7.1)',
  'host-not-allowed': 'must name a host; over http only 127.0.0.1 or [::1], of a native application',
  'reserved-parameter': 'has a parameter that the answer itself carries',
  'too-long': 'is too long',
};

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
    problems: ['invalid-fields', 'public-client-without-pkce'],
    handler:
      ({ clients }: Pick<Services, 'clients'>) =>
      async ({ body, context }) => {
        const { position, ...made } = await clients.register(context, body.name, metadataOf(body));
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
