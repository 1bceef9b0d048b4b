import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Redeemed } from '../../application/authorization-codes.js';
import { CommandRejected } from '../../application/command-rejected.js';
import type { CommandContext } from '../../application/ports/event-log.js';
import type { ProvedClient } from '../../application/machine-tokens.js';
import { type ClientMetadata, deviceGrantType, type GrantType } from '../../domain/client/metadata.js';
import { parseScope } from '../../domain/authorization/scopes.js';
import { json, jsonSchema } from '../answer/responses.js';
import { accepts, route, type Route, type RouteRequest } from '../route.js';
import type { Services } from '../services.js';
import { tokenClient } from './client-authentication.js';
import { noStore } from './no-store.js';
import { OAuthError, oauthError } from './oauth-error.js';

/** RFC 6749 sections 4.1.3 and 6, RFC 7636 section 4.5. */
export class TokenRequestForm {
  @IsOptional() @IsString() @MaxLength(200) grant_type?: string;
  @IsOptional() @IsString() @MaxLength(512) code?: string;
  @IsOptional() @IsString() @MaxLength(512) device_code?: string;
  @IsOptional() @IsString() @MaxLength(2_048) redirect_uri?: string;
  @IsOptional() @IsString() @MaxLength(128) code_verifier?: string;
  @IsOptional() @IsString() @MaxLength(512) refresh_token?: string;
  @IsOptional() @IsString() @MaxLength(2_000) scope?: string;
  @IsOptional() @IsString() @MaxLength(64) client_id?: string;
  @IsOptional() @IsString() @MaxLength(512) client_secret?: string;
  @IsOptional() @IsString() @MaxLength(8_192) client_assertion?: string;
  @IsOptional() @IsString() @MaxLength(128) client_assertion_type?: string;
}

type Needed = Pick<
  Services,
  | 'authorizationCodes'
  | 'clientAssertions'
  | 'clients'
  | 'dpop'
  | 'deviceAuthorizations'
  | 'idTokens'
  | 'issuers'
  | 'machineTokens'
  | 'tenants'
  | 'tokenRefresh'
  | 'userinfo'
>;
type Arrived = RouteRequest<'/t/:tenant/oauth2/token', 'public', TokenRequestForm, never>;

type Tokens = Readonly<{
  access_token: string;
  token_type: TokenType;
  expires_in: number;
  scope: string;
  refresh_token?: string;
  id_token?: string;
}>;

/** `boundTo`: thumbprint of the key that the request proved. */
type Exchange = (services: Needed, request: Arrived, client: ProvedClient, boundTo?: string) => Promise<Tokens>;

type TokenType = 'Bearer' | 'DPoP';

const typeOf = (boundTo: string | undefined): TokenType => (boundTo === undefined ? 'Bearer' : 'DPoP');

/** @throws CommandRejected invalid-scope */
function wantedScope({ scope }: TokenRequestForm): readonly string[] | undefined {
  if (scope === undefined) return undefined;
  const wanted = parseScope(scope);
  if (!wanted) throw new CommandRejected('invalid-scope');
  return wanted;
}

/** What a person's grant begins with. */
async function tokensOf(
  { idTokens, tenants, userinfo }: Needed,
  context: CommandContext,
  metadata: ClientMetadata,
  redeemed: Redeemed,
  boundTo: string | undefined,
): Promise<Tokens> {
  const { accessToken, refreshToken, expiresIn, scope, authorized } = redeemed;
  const policy = await tenants.activePolicy(context.tenant);
  const about = await userinfo.named(context.tenant, authorized.user, authorized.claims?.idToken ?? []);
  const algorithm = metadata.idTokenAlgorithm ?? 'ES256';
  return {
    access_token: accessToken,
    token_type: typeOf(boundTo),
    expires_in: expiresIn,
    scope: scope.join(' '),
    refresh_token: refreshToken,
    ...(scope.includes('openid') && {
      id_token: await idTokens.issue(context, policy, algorithm, authorized, accessToken, about),
    }),
  };
}

/** What every grant type does at the token endpoint. */
const exchanges: Readonly<Record<GrantType, Exchange>> = {
  authorization_code: async (services, { body, context }, { id: client, metadata }, boundTo) => {
    const { code, redirect_uri, code_verifier } = body;
    if (code === undefined) throw new CommandRejected('invalid-request');
    const redeemed = await services.authorizationCodes.redeem(context, client, {
      code,
      ...(redirect_uri !== undefined && { redirectUri: redirect_uri }),
      ...(code_verifier !== undefined && { codeVerifier: code_verifier }),
      ...(boundTo !== undefined && { boundTo }),
    });
    return tokensOf(services, context, metadata, redeemed, boundTo);
  },
  // RFC 6749 section 4.4.
  client_credentials: async ({ machineTokens }, { body, context }, client, boundTo) => {
    const { accessToken, expiresIn, scope } = await machineTokens.issue(context, client, wantedScope(body), boundTo);
    return { access_token: accessToken, token_type: typeOf(boundTo), expires_in: expiresIn, scope: scope.join(' ') };
  },
  [deviceGrantType]: async (services, { body, context }, { id, metadata }, boundTo) => {
    if (body.device_code === undefined) throw new CommandRejected('invalid-request');
    const redeemed = await services.deviceAuthorizations.redeem(context, id, body.device_code, boundTo);
    return tokensOf(services, context, metadata, redeemed, boundTo);
  },
  refresh_token: async ({ tokenRefresh }, { body, context }, { id: client }, boundTo) => {
    if (body.refresh_token === undefined) throw new CommandRejected('invalid-request');
    const { accessToken, refreshToken, expiresIn, scope } = await tokenRefresh.refresh(
      context,
      client,
      body.refresh_token,
      wantedScope(body),
      boundTo,
    );
    return {
      access_token: accessToken,
      token_type: typeOf(boundTo),
      expires_in: expiresIn,
      scope: scope.join(' '),
      refresh_token: refreshToken,
    };
  },
};

/** The key that the tokens are to be bound to, where one is proved (RFC 9449 section 5). @throws CommandRejected invalid-dpop-proof */
async function provedKey(
  { dpop, issuers }: Pick<Services, 'dpop' | 'issuers'>,
  { tenant, header, context }: Arrived,
  { metadata }: ProvedClient,
): Promise<string | undefined> {
  const proof = header('dpop');
  if (proof === undefined) {
    if (metadata.dpopBoundAccessTokens) throw new CommandRejected('invalid-dpop-proof');
    return undefined;
  }
  const url = `${issuers.of(tenant.slug)}/oauth2/token`;
  return dpop.prove(tenant.id, { proof, method: 'POST', url }, context.at);
}

export const grantTypes = Object.keys(exchanges) as readonly GrantType[];

const isGrantType = (text: string): text is GrantType => Object.hasOwn(exchanges, text);

const tokensSchema = {
  type: 'object',
  required: ['access_token', 'token_type', 'expires_in', 'scope'],
  properties: {
    access_token: { type: 'string' },
    token_type: { enum: ['Bearer', 'DPoP'] },
    expires_in: { type: 'integer', description: 'Seconds.' },
    scope: { type: 'string' },
    refresh_token: { type: 'string' },
    id_token: { type: 'string' },
  },
};

export const tokenEndpoint: readonly Route<Needed>[] = [
  route({
    id: 'token',
    method: 'post',
    path: '/t/:tenant/oauth2/token',
    summary: 'Trade a code or a refresh token for tokens (RFC 6749 section 3.2)',
    tag: 'oauth',
    access: 'public',
    rateLimit: 'protocol',
    cors: 'any',
    otherParameters: 'ignored',
    failures: 'oauth',
    body: accepts(
      TokenRequestForm,
      { grant_type: 'authorization_code', code: 'annal_ac_0199…', redirect_uri: 'https://shop.example.com/callback' },
      { mediaType: 'application/x-www-form-urlencoded' },
    ),
    responses: {
      200: jsonSchema<object>(tokensSchema, 'Tokens.', {
        access_token: 'eyJ…',
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'openid profile',
        refresh_token: 'annal_rt_0199…',
        id_token: 'eyJ…',
      }),
      400: json(OAuthError, 'RFC 6749 section 5.2.', oauthError('invalid_grant')),
      401: json(OAuthError, 'The client did not prove itself.', oauthError('invalid_client')),
    },
    handler: (services: Needed) => async (request: Arrived) => {
      const { body, tenant, header } = request;
      const { grant_type: type } = body;
      if (type === undefined) throw new CommandRejected('invalid-request');
      const client = await tokenClient(services, tenant, header('authorization'), body, request.context.at);
      if (!isGrantType(type)) throw new CommandRejected('unsupported-grant-type');
      if (!client.metadata.grantTypes.includes(type)) throw new CommandRejected('unauthorized-client');
      const boundTo = await provedKey(services, request, client);
      return { status: 200, body: await exchanges[type](services, request, client, boundTo), headers: noStore };
    },
  }),
];
