import { IsOptional, IsString, MaxLength } from 'class-validator';
import { CommandRejected } from '../../application/command-rejected.js';
import type { ProvedCaller } from '../../application/token-status.js';
import { firstPartyClient } from '../../domain/client/client.js';
import { isConfidential } from '../../domain/client/metadata.js';
import type { Instant } from '../../domain/values.js';
import type { TenantRef } from '../access/tenants.js';
import { empty, json, jsonSchema, orAs } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';
import { presentedSecret, tokenClient } from './client-authentication.js';
import { OAuthError, oauthError } from './oauth-error.js';

export class TokenForm {
  @IsString() @MaxLength(8_192) token!: string;
  @IsOptional() @IsString() @MaxLength(64) token_type_hint?: string;
  @IsOptional() @IsString() @MaxLength(64) client_id?: string;
  @IsOptional() @IsString() @MaxLength(512) client_secret?: string;
  @IsOptional() @IsString() @MaxLength(8_192) client_assertion?: string;
  @IsOptional() @IsString() @MaxLength(128) client_assertion_type?: string;
}

const introspectionSchema = {
  type: 'object',
  required: ['active'],
  properties: {
    active: { type: 'boolean' },
    token_type: { type: 'string' },
    iss: { type: 'string' },
    sub: { type: 'string' },
    aud: { type: ['string', 'array'], items: { type: 'string' } },
    client_id: { type: 'string' },
    scope: { type: 'string' },
    iat: { type: 'integer' },
    exp: { type: 'integer' },
    jti: { type: 'string' },
    sid: { type: 'string' },
  },
};

const asJwt = 'application/token-introspection+jwt';
const prefersJwt = (accept = ''): boolean => accept.toLowerCase().includes(asJwt);

const refused = json(OAuthError, 'The client did not prove itself.', oauthError('invalid_client'));

/** @throws CommandRejected invalid-client, also for public clients */
async function provedCaller(
  provers: Pick<Services, 'clientAssertions' | 'clients'>,
  tenant: TenantRef,
  form: TokenForm,
  at: Instant,
): Promise<ProvedCaller> {
  const { id, metadata } = await tokenClient(provers, tenant, undefined, form, at);
  if (!isConfidential(metadata)) throw new CommandRejected('invalid-client');
  return { id, proved: true };
}

export const tokenStatusRoutes = [
  route({
    id: 'introspectToken',
    method: 'post',
    path: '/t/:tenant/oauth2/introspect',
    summary: 'Introspect a token (RFC 7662)',
    description:
      'For confidential clients: is this access or refresh token alive, and whose is it? A client is told of its own tokens, of those that are for it, and of every token where the tenant calls it its own (`firstParty`).',
    tag: 'tokens',
    access: 'public',
    rateLimit: 'protocol',
    failures: 'oauth',
    otherParameters: 'ignored',
    body: accepts(TokenForm, { token: 'eyJ…' }, { mediaType: 'application/x-www-form-urlencoded' }),
    responses: {
      200: orAs(
        asJwt,
        'eyJ…',
        jsonSchema<object>(introspectionSchema, 'What the token stands for, or `{"active":false}`.', { active: false }),
      ),
      401: refused,
    },
    handler:
      ({
        tokenStatus,
        introspectionAnswers,
        ...provers
      }: Pick<Services, 'clientAssertions' | 'clients' | 'introspectionAnswers' | 'tokenStatus'>) =>
      async ({ body, tenant, context, header }) => {
        const authorization = header('authorization');
        // A secret is judged in the look that judges the token; whoever only says a name has proved nothing.
        const caller = presentedSecret(authorization, body) ?? (await provedCaller(provers, tenant, body, context.at));
        const told = await tokenStatus.introspect(tenant, caller, body.token, context.at);
        // "The resource server can request a JWT … by using the media type in the Accept header" (RFC 9701 section 4).
        if (!prefersJwt(header('accept'))) return { status: 200, body: told };
        return { status: 200, body: await introspectionAnswers.sign(context, tenant.slug, caller.id, told) };
      },
  }),
  route({
    id: 'revokeToken',
    method: 'post',
    path: '/t/:tenant/oauth2/revoke',
    summary: 'Revoke a token (RFC 7009)',
    description:
      'By the client that the token was given to. A refresh token takes its grant along. Unknown tokens are no error.',
    tag: 'tokens',
    access: 'public',
    rateLimit: 'protocol',
    cors: 'any',
    failures: 'oauth',
    otherParameters: 'ignored',
    body: accepts(TokenForm, { token: 'annal_rt_0199…' }, { mediaType: 'application/x-www-form-urlencoded' }),
    responses: { 200: empty('It is of no use any more, if it ever was.'), 401: refused },
    handler:
      ({ tokenStatus, ...provers }: Pick<Services, 'clientAssertions' | 'clients' | 'tokenStatus'>) =>
      async ({ body, tenant, context, header }) => {
        const authorization = header('authorization');
        // The service's own client is public: holding the token is all it can show (RFC 7009 section 2.1).
        const { client_id: named = firstPartyClient, client_secret: secret, client_assertion: assertion } = body;
        const proof = authorization ?? secret ?? assertion ?? body.client_assertion_type;
        const isOwn = proof === undefined && named === firstPartyClient;
        const client = isOwn
          ? firstPartyClient
          : (await tokenClient(provers, tenant, authorization, body, context.at)).id;
        const position = await tokenStatus.revoke(context, tenant, client, body.token);
        return { status: 200, position };
      },
  }),
];
