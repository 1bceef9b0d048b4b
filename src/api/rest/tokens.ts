import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { SessionId, UserId } from '../../domain/values.js';
import { callingClient } from '../oauth/client-authentication.js';
import { empty, json, jsonSchema } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';
import { TokensAnswer, tokensExample, tokensOf } from './sign-in.js';

export class RefreshBody {
  @IsString() @MaxLength(512) refreshToken!: string;
  @IsOptional() @IsString() @MaxLength(64) client?: string;
  /** Space-separated; no wider than the grant. */
  @IsOptional() @IsString() @MaxLength(2_000) scope?: string;
}

const jwksSchema = {
  type: 'object',
  required: ['keys'],
  properties: { keys: { type: 'array', items: { type: 'object', required: ['kty', 'kid', 'alg', 'use'] } } },
};

export const tokenRoutes = [
  route({
    id: 'refreshTokens',
    method: 'post',
    path: '/t/:tenant/api/v1/tokens/refresh',
    summary: 'Trade a refresh token',
    description:
      'Every refresh token works once. Sending an old one again ends the whole family, since it may be stolen; an Idempotency-Key does not change that. A confidential client proves itself with HTTP Basic authentication.',
    tag: 'sign-in',
    access: 'public',
    rateLimit: 'protocol',
    body: accepts(RefreshBody, { refreshToken: 'annal_rt_0199…' }),
    responses: { 200: json(TokensAnswer, 'New tokens.', tokensExample) },
    problems: ['invalid-grant', 'invalid-scope', 'invalid-client'],
    handler:
      ({ tokenRefresh, clients }: Pick<Services, 'tokenRefresh' | 'clients'>) =>
      async ({ body, context, tenant, header }) => {
        const client = await callingClient(clients, tenant.id, header('authorization'), body.client, context.at);
        const scope = body.scope?.split(' ').filter((one) => one !== '');
        const fresh = await tokenRefresh.refresh(context, client, body.refreshToken, scope);
        return { status: 200, body: tokensOf(fresh), position: fresh.position };
      },
  }),
  route({
    id: 'signOut',
    method: 'post',
    path: '/t/:tenant/api/v1/sign-out',
    summary: 'Sign out',
    description: 'Ends the session of the access token with all its tokens, at once.',
    tag: 'sign-in',
    access: 'user',
    idempotent: 'in-session',
    responses: { 204: empty('Signed out.') },
    handler:
      ({ sessions }: Pick<Services, 'sessions'>) =>
      async ({ context, principal }) => {
        const position = await sessions.end(
          context,
          principal.actor.id as UserId,
          principal.session as SessionId,
          'signed-out',
        );
        return { status: 204, position };
      },
  }),
  route({
    id: 'jwks',
    method: 'get',
    path: '/t/:tenant/jwks.json',
    summary: 'Keys that sign tokens',
    description: 'JWK Set (RFC 7517): next, current and previous keys.',
    tag: 'tokens',
    access: 'public',
    rateLimit: 'protocol',
    cors: 'any',
    responses: {
      200: jsonSchema(jwksSchema, 'The keys.', {
        keys: [{ kty: 'EC', crv: 'P-256', kid: '0199…', alg: 'ES256', use: 'sig' }],
      }),
    },
    handler:
      ({ signingKeys }: Pick<Services, 'signingKeys'>) =>
      async ({ tenant }) => ({
        status: 200,
        body: (await signingKeys.jwks(tenant.id)) as {
          keys: { kty: string; crv: string; kid: string; alg: string; use: string }[];
        },
        headers: { 'Cache-Control': 'public, max-age=300, stale-while-revalidate=600' },
      }),
  }),
];
