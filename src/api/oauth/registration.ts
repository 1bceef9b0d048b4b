import type { RegisteredClient } from '../../application/client-registration.js';
import { CommandRejected } from '../../application/command-rejected.js';
import type { ClientId } from '../../domain/values.js';
import type { TenantRef } from '../access/tenants.js';
import { empty, json, jsonSchema } from '../answer/responses.js';
import { accepts, route, type Route } from '../route.js';
import type { Services } from '../services.js';
import { noStore } from './no-store.js';
import { OAuthError, oauthError } from './oauth-error.js';
import { ClientMetadataForm, descriptionOf, formOf } from './registration-form.js';

type Needed = Pick<Services, 'clientRegistration' | 'issuers'>;

const bearer = /^Bearer ([\w.~+/-]+=*)$/i;
/** RFC 6750 section 2.1. */
const tokenIn = (authorization: string | undefined): string | undefined => bearer.exec(authorization ?? '')?.[1];

const schema = {
  type: 'object',
  required: ['client_id', 'registration_access_token', 'registration_client_uri'],
  properties: {
    client_id: { type: 'string' },
    client_secret: { type: 'string' },
    client_secret_expires_at: { type: 'integer', description: '0: it does not end by itself.' },
    registration_access_token: { type: 'string', description: 'Another one after every change.' },
    registration_client_uri: { type: 'string' },
  },
};

const example = {
  client_id: '0199b000-0000-5000-8000-00000000000c',
  client_secret: 'annal_cs_4fGk…',
  client_secret_expires_at: 0,
  registration_access_token: 'annal_rat_8hJk…',
  registration_client_uri: 'https://id.example.com/t/default/oauth2/register/0199b000-0000-5000-8000-00000000000c',
  client_name: 'Shop',
  redirect_uris: ['https://shop.example.com/callback'],
};

/** RFC 7591 section 3.2.1, RFC 7592 section 3. */
function told(services: Needed, tenant: TenantRef, client: RegisteredClient, secret?: string): object {
  const { id, managementToken, described } = client;
  return {
    client_id: id,
    ...(secret !== undefined && { client_secret: secret, client_secret_expires_at: 0 }),
    registration_access_token: managementToken,
    registration_client_uri: `${services.issuers.of(tenant.slug)}/oauth2/register/${id}`,
    ...formOf(described.name, described.metadata),
  };
}

const refused = {
  400: json(OAuthError, 'RFC 7591 section 3.2.2.', oauthError('invalid_redirect_uri')),
  401: json(OAuthError, 'The token is not valid.', oauthError('invalid_token')),
  403: json(OAuthError, 'The tenant does not take applications that register themselves.', oauthError('access_denied')),
};

const row = { tag: 'oauth', access: 'public', cors: 'any', failures: 'client-registration' } as const;
const body = accepts(ClientMetadataForm, {
  client_name: 'Shop',
  redirect_uris: ['https://shop.example.com/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
});

export const clientRegistrationRoutes: readonly Route<Needed>[] = [
  route({
    ...row,
    id: 'registerOwnClient',
    method: 'post',
    path: '/t/:tenant/oauth2/register',
    summary: 'An application registers itself (RFC 7591)',
    description:
      'Where the setting `clientRegistration.mode` allows it, with an initial access token or without. Members that are not known here are ignored; the answer tells what was taken.',
    rateLimit: 'registration',
    otherParameters: 'ignored',
    body,
    responses: { 201: jsonSchema<object>(schema, 'The client; its secret is never shown again.', example), ...refused },
    handler: (services: Needed) => async (request) => {
      const { context, tenant, header } = request;
      const token = tokenIn(header('authorization'));
      const made = await services.clientRegistration.register(context, token, descriptionOf(request.body));
      return {
        status: 201,
        body: told(services, tenant, made, made.secret),
        position: made.position,
        headers: noStore,
      };
    },
  }),
  route({
    ...row,
    id: 'readOwnClient',
    method: 'get',
    path: '/t/:tenant/oauth2/register/:client',
    summary: 'What the tenant knows of an application that registered itself (RFC 7592)',
    rateLimit: 'protocol',
    responses: { 200: jsonSchema<object>(schema, 'The client, without its secret.', example), ...refused },
    handler:
      (services: Needed) =>
      async ({ tenant, params, header }) => {
        const token = tokenIn(header('authorization'));
        const found = await services.clientRegistration.read(tenant.id, params.client as ClientId, token);
        return { status: 200, body: told(services, tenant, found), headers: noStore };
      },
  }),
  route({
    ...row,
    id: 'replaceOwnClient',
    method: 'put',
    path: '/t/:tenant/oauth2/register/:client',
    summary: 'An application says anew what it is (RFC 7592)',
    description: 'All of it: what is left out is as if it had never been said. The token is another one afterwards.',
    rateLimit: 'protocol',
    otherParameters: 'ignored',
    body,
    responses: { 200: jsonSchema<object>(schema, 'The client, without its secret.', example), ...refused },
    handler: (services: Needed) => async (request) => {
      const { context, tenant, header } = request;
      const id = request.params.client as ClientId;
      const token = tokenIn(header('authorization'));
      await services.clientRegistration.read(tenant.id, id, token);
      // "The updated client metadata fields request MUST include the 'client_id'" (RFC 7592 section 2.2)
      if (request.body.client_id !== id) throw new CommandRejected('invalid-client-metadata');
      const said = descriptionOf(request.body);
      const replaced = await services.clientRegistration.replace(context, id, token, said);
      return { status: 200, body: told(services, tenant, replaced), position: replaced.position, headers: noStore };
    },
  }),
  route({
    ...row,
    id: 'removeOwnClient',
    method: 'delete',
    path: '/t/:tenant/oauth2/register/:client',
    summary: 'An application ends its registration (RFC 7592)',
    rateLimit: 'protocol',
    responses: { 204: empty('Done, and everything that was given to it with it.'), 401: refused[401] },
    handler:
      ({ clientRegistration }: Needed) =>
      async ({ context, params, header }) => {
        const token = tokenIn(header('authorization'));
        return { status: 204, position: await clientRegistration.remove(context, params.client as ClientId, token) };
      },
  }),
];
