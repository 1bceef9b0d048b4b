import type { ViewedApiKey } from '../../application/api-keys.js';
import { CommandRejected } from '../../application/command-rejected.js';
import type { ApiKeyOwner } from '../../domain/api-key/api-key.js';
import { type ApiKeyId, type ClientId, instant, type UserId } from '../../domain/values.js';
import { firstPartyClient } from '../../domain/client/client.js';
import { searchApiKeys } from '../../projections/api-keys.js';
import type { Principal } from '../access/authentication.js';
import { empty, json, page } from '../answer/responses.js';
import { isAddressRange } from '../request/client-address.js';
import { Problem } from '../problems/problem.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';
import {
  ApiKeyChangeBody,
  ApiKeyListView,
  ApiKeyRevocationBody,
  ApiKeyRotationBody,
  ApiKeySearchQuery,
  ApiKeyTermsBody,
  ApiKeyView,
  ApiKeysView,
  NewApiKeyView,
  OwnedApiKeyBody,
  bodyExample,
  example,
  listExample,
  listView,
  newExample,
  searchOf,
  termsOf,
  viewOf,
} from './api-key-views.js';

/** @throws CommandRejected invalid-fields */
function requireFit({ scopes: own }: Principal, scopes: readonly string[], addresses: readonly string[]): void {
  const fields = [
    ...scopes.flatMap((scope, index) =>
      own.includes(scope)
        ? []
        : [{ pointer: `/scopes/${index}`, code: 'scope-not-held', message: 'is more than you may do yourself' }],
    ),
    ...addresses.flatMap((address, index) =>
      isAddressRange(address)
        ? []
        : [{ pointer: `/addresses/${index}`, code: 'is-address', message: 'must be an IP address or a CIDR range' }],
    ),
  ];
  if (fields.length > 0) throw new CommandRejected('invalid-fields', { fields });
}

/**
 * A key gets nobody further than they are: a new secret or other limits are for who may do all that it may, a person's for that person
 * alone. @throws Problem forbidden
 */
function requireReach({ scopes: own, actor }: Principal, { state: { owner, scopes } }: ViewedApiKey): void {
  const isAnothers = owner.kind === 'user' && (actor.kind !== 'user' || actor.id !== owner.id);
  if (isAnothers || scopes.some((scope) => !own.includes(scope))) throw new Problem('forbidden');
}

/**
 * Keys outlive sign-out, consent and whoever asked for them, so that only the tenant's own applications make them, and no key that is itself
 * limited. @throws Problem forbidden
 */
async function requireMaker({ securityRows }: Pick<Services, 'securityRows'>, principal: Principal): Promise<void> {
  const { actor, client = firstPartyClient, apiKey } = principal;
  if (apiKey?.isLimited) throw new Problem('forbidden');
  if (client === firstPartyClient) return;
  const row = await securityRows.client(actor.tenant, client);
  if (!row?.metadata?.firstParty) throw new Problem('forbidden');
}

const anHour = 3_600;

type Needed = Pick<Services, 'apiKeys'>;
type Making = Pick<Services, 'apiKeys' | 'securityRows'>;

/** The same operations for a person's own keys and, for administrators, for those of applications and of the tenant. */
const operations = ({
  path,
  ids,
  access,
  ownerOf,
}: Readonly<{
  path: '/t/:tenant/api/v1/me/api-keys' | '/t/:tenant/api/v1/api-keys';
  ids: Readonly<Record<'view' | 'change' | 'rotate' | 'revoke', string>>;
  access: 'user' | 'tenant-admin';
  /** Whose keys the caller may touch; undefined for any of the tenant. */
  ownerOf: (principal: Principal) => ApiKeyOwner | undefined;
}>) => {
  const one = `${path}/:key` as '/t/:tenant/api/v1/me/api-keys/:key';
  const common = { tag: 'api-keys', access } as const;
  return [
    route({
      ...common,
      id: ids.view,
      method: 'get',
      path: one,
      summary: 'View an API key',
      responses: { 200: json(ApiKeyView, 'The key, without its secret.', example) },
      problems: ['no-such-api-key'],
      handler:
        ({ apiKeys }: Needed) =>
        async ({ params, tenant, principal }) => ({
          status: 200,
          body: viewOf(await apiKeys.view(tenant.id, params.key as ApiKeyId, ownerOf(principal))),
        }),
    }),
    route({
      ...common,
      id: ids.change,
      method: 'patch',
      path: one,
      summary: 'Change what an API key may do, or what is written about it',
      idempotent: true,
      body: accepts(ApiKeyChangeBody, { name: example.name }, { mediaType: 'application/merge-patch+json' }),
      responses: { 204: empty('Changed, at once.') },
      problems: ['no-such-api-key', 'api-key-revoked', 'api-key-expiry-past'],
      handler:
        ({ apiKeys, ...services }: Making) =>
        async ({ params, body, context, principal, tenant }) => {
          const owner = ownerOf(principal);
          const id = params.key as ApiKeyId;
          requireFit(principal, body.scopes ?? [], body.addresses ?? []);
          const key = await apiKeys.view(tenant.id, id, owner);
          requireReach(principal, key);
          await requireMaker(services, principal);
          const { about } = key;
          const { name = about?.name ?? '', tags = about?.tags ?? {}, scopes, addresses, expiresAt } = body;
          const position = await apiKeys.change(
            context,
            id,
            {
              about: { name, tags },
              ...(scopes && { scopes }),
              ...(addresses && { addresses }),
              ...(typeof expiresAt === 'string' && { expiresAt: instant(Date.parse(expiresAt)) }),
              forEver: expiresAt === null,
            },
            owner,
          );
          return { status: 204, position };
        },
    }),
    route({
      ...common,
      id: ids.rotate,
      method: 'post',
      path: `${path}/:key/rotate` as '/t/:tenant/api/v1/me/api-keys/:key/rotate',
      summary: 'Give an API key a new secret',
      description: 'The old one works for `overlapSeconds` more, so that whoever uses it can be told.',
      idempotent: true,
      body: accepts(ApiKeyRotationBody, { overlapSeconds: anHour }),
      responses: { 200: json(NewApiKeyView, 'The new key; it is never shown again.', newExample) },
      problems: ['no-such-api-key', 'api-key-revoked'],
      handler:
        ({ apiKeys, ...services }: Making) =>
        async ({ params, body, context, principal, tenant }) => {
          const overlap = body.overlapSeconds ?? anHour;
          const owner = ownerOf(principal);
          const id = params.key as ApiKeyId;
          requireReach(principal, await apiKeys.view(tenant.id, id, owner));
          // With another secret a key is limited as it was.
          if (principal.apiKey?.id !== id) await requireMaker(services, principal);
          const { position, ...made } = await apiKeys.rotate(context, id, overlap, owner);
          return { status: 200, body: made, position };
        },
    }),
    route({
      ...common,
      id: ids.revoke,
      method: 'post',
      path: `${path}/:key/revoke` as '/t/:tenant/api/v1/me/api-keys/:key/revoke',
      summary: 'End an API key',
      idempotent: true,
      body: accepts(ApiKeyRevocationBody, { reason: 'leaked' }),
      responses: { 204: empty('It is of no use any more.') },
      problems: ['no-such-api-key'],
      handler:
        ({ apiKeys }: Needed) =>
        async ({ params, body, context, principal }) => {
          const reason = body.reason ?? 'revoked';
          const position = await apiKeys.revoke(context, params.key as ApiKeyId, reason, ownerOf(principal));
          return { status: 204, position };
        },
    }),
  ];
};

const me = (principal: Principal): ApiKeyOwner => ({ kind: 'user', id: principal.actor.id as UserId });

const made = { 201: json(NewApiKeyView, 'The key; it is never shown again.', newExample) } as const;

export const apiKeyRoutes = [
  route({
    id: 'listMyApiKeys',
    method: 'get',
    path: '/t/:tenant/api/v1/me/api-keys',
    summary: 'List my API keys',
    tag: 'api-keys',
    access: 'user',
    responses: { 200: json(ApiKeysView, 'Those that work, oldest first.', { keys: [example] }) },
    handler:
      ({ apiKeys }: Needed) =>
      async ({ tenant, principal }) => ({
        status: 200,
        body: { keys: (await apiKeys.list(tenant.id, me(principal))).map(viewOf) },
      }),
  }),
  route({
    id: 'searchApiKeys',
    method: 'get',
    path: '/t/:tenant/api/v1/api-keys',
    summary: 'Search all API keys of the tenant',
    tag: 'api-keys',
    access: 'tenant-admin',
    paged: true,
    reads: ['api_keys'],
    query: ApiKeySearchQuery,
    responses: { 200: page(ApiKeyListView, 'By id, which is the order of creation.', listExample) },
    handler:
      ({ knex }: Pick<Services, 'knex'>) =>
      async ({ tenant, query, page: { limit, after } }) => {
        const rows = await searchApiKeys(
          knex,
          tenant.id,
          searchOf(query),
          limit + 1,
          after?.['id'] as string | undefined,
        );
        const last = rows.length > limit ? rows[limit - 1] : undefined;
        return { status: 200, body: { items: rows.slice(0, limit).map(listView) }, next: last && { id: last.id } };
      },
  }),
  route({
    id: 'createMyApiKey',
    method: 'post',
    path: '/t/:tenant/api/v1/me/api-keys',
    summary: 'Make an API key that acts in my name',
    tag: 'api-keys',
    access: 'user',
    idempotent: true,
    body: accepts(ApiKeyTermsBody, bodyExample),
    responses: made,
    problems: ['api-key-expiry-past'],
    handler:
      ({ apiKeys, ...services }: Making) =>
      async ({ body, context, principal }) => {
        await requireMaker(services, principal);
        requireFit(principal, body.scopes, body.addresses ?? []);
        const { position, ...key } = await apiKeys.create(context, me(principal), termsOf(body));
        return { status: 201, body: key, position };
      },
  }),
  route({
    id: 'createApiKey',
    method: 'post',
    path: '/t/:tenant/api/v1/api-keys',
    summary: 'Make an API key for an application, a service or the tenant itself',
    tag: 'api-keys',
    access: 'tenant-admin',
    idempotent: true,
    body: accepts(OwnedApiKeyBody, { ...bodyExample, client: '0199b000-0000-5000-8000-00000000000c' }),
    responses: made,
    problems: ['no-such-client', 'api-key-expiry-past'],
    handler:
      ({ apiKeys, securityRows }: Making) =>
      async ({ body, context, principal, tenant }) => {
        await requireMaker({ securityRows }, principal);
        requireFit(principal, body.scopes, body.addresses ?? []);
        const { client } = body;
        const row = client === undefined ? undefined : await securityRows.client(tenant.id, client as ClientId);
        if (client !== undefined && row?.status !== 'enabled') throw new CommandRejected('no-such-client');
        const owner: ApiKeyOwner =
          client === undefined ? { kind: 'tenant' } : { kind: 'client', id: client as ClientId };
        const { position, ...key } = await apiKeys.create(context, owner, termsOf(body));
        return { status: 201, body: key, position };
      },
  }),
  ...operations({
    path: '/t/:tenant/api/v1/me/api-keys',
    ids: { view: 'viewMyApiKey', change: 'changeMyApiKey', rotate: 'rotateMyApiKey', revoke: 'revokeMyApiKey' },
    access: 'user',
    ownerOf: me,
  }),
  ...operations({
    path: '/t/:tenant/api/v1/api-keys',
    ids: { view: 'viewApiKey', change: 'changeApiKey', rotate: 'rotateApiKey', revoke: 'revokeApiKey' },
    access: 'tenant-admin',
    ownerOf: () => undefined,
  }),
];
