import { IsOptional, IsString, MaxLength } from 'class-validator';
import { CommandRejected } from '../../application/command-rejected.js';
import type { Asked } from '../../application/token-validation.js';
import { parseScope } from '../../domain/authorization/scopes.js';
import { isConfidential } from '../../domain/client/metadata.js';
import { tokenChecks } from '../../domain/token-policy/validation.js';
import { json, jsonSchema } from '../answer/responses.js';
import { accepts, route } from '../route.js';
import type { Services } from '../services.js';
import { tokenClient } from '../oauth/client-authentication.js';
import { OAuthError, oauthError } from '../oauth/oauth-error.js';

export class ValidationBody {
  @IsString() @MaxLength(8_192) token!: string;
  /** Whom the token has to be for. */
  @IsOptional() @IsString() @MaxLength(255) audience?: string;
  /** Space-separated; what the token has to allow. */
  @IsOptional() @IsString() @MaxLength(2_000) scope?: string;
}

export class ValidationForm extends ValidationBody {
  @IsOptional() @IsString() @MaxLength(64) client_id?: string;
  @IsOptional() @IsString() @MaxLength(512) client_secret?: string;
  @IsOptional() @IsString() @MaxLength(8_192) client_assertion?: string;
  @IsOptional() @IsString() @MaxLength(128) client_assertion_type?: string;
}

const schema = {
  type: 'object',
  required: ['valid', 'kind', 'checks'],
  properties: {
    valid: { type: 'boolean' },
    kind: { type: 'string', enum: ['access', 'refresh', 'id', 'api-key', 'unknown'] },
    client: { type: 'string' },
    user: { type: 'string' },
    madeUnder: { type: 'object', properties: { policy: { type: 'string' }, version: { type: 'integer' } } },
    checks: {
      type: 'array',
      items: {
        type: 'object',
        required: ['check', 'outcome', 'why'],
        properties: {
          check: { type: 'string', enum: tokenChecks },
          outcome: { type: 'string', enum: ['passed', 'failed', 'skipped'] },
          why: { type: 'string' },
        },
      },
    },
  },
};

const answered = jsonSchema<object>(schema, 'What each check found, in the order of the policy.', {
  valid: false,
  kind: 'access',
  client: '0199b000-0000-5000-8000-00000000000c',
  checks: [{ check: 'revocation', outcome: 'failed', why: 'token-revoked' }],
});

/** @throws CommandRejected invalid-scope */
function askedOf({ token, audience, scope = '' }: ValidationBody): Asked {
  const wanted = parseScope(scope);
  if (!wanted) throw new CommandRejected('invalid-scope');
  return { token, ...(audience !== undefined && { audience }), scope: wanted };
}

const description =
  'Any token of any kind: access tokens, signed or opaque, refresh tokens, ID tokens and API keys. The checks are those of the policy that it was made under; one that fails says why.';

export const tokenValidationRoutes = [
  route({
    id: 'validateToken',
    method: 'post',
    path: '/t/:tenant/api/v1/tokens/validate',
    summary: 'Explain what a token is worth',
    description,
    tag: 'tokens',
    access: 'tenant-admin',
    body: accepts(ValidationBody, { token: 'eyJ…', scope: 'orders:read' }),
    responses: { 200: answered },
    problems: ['invalid-scope'],
    handler:
      ({ tokenValidation }: Pick<Services, 'tokenValidation'>) =>
      async ({ body, tenant, context }) => ({
        status: 200,
        body: await tokenValidation.validate(tenant, askedOf(body), context.at),
      }),
  }),
  route({
    id: 'validateTokenAsClient',
    method: 'post',
    path: '/t/:tenant/oauth2/validate',
    summary: 'Explain what a token is worth, for resource servers',
    description: `${description} A confidential client is told of its own tokens, of those that are for it, and of every token where the tenant calls it its own.`,
    tag: 'tokens',
    access: 'public',
    rateLimit: 'protocol',
    failures: 'oauth',
    otherParameters: 'ignored',
    body: accepts(ValidationForm, { token: 'eyJ…' }, { mediaType: 'application/x-www-form-urlencoded' }),
    responses: {
      200: answered,
      400: json(OAuthError, 'The scope is none.', oauthError('invalid_scope')),
      401: json(OAuthError, 'The client did not prove itself.', oauthError('invalid_client')),
    },
    handler:
      ({ tokenValidation, ...provers }: Pick<Services, 'clientAssertions' | 'clients' | 'tokenValidation'>) =>
      async ({ body, tenant, context, header }) => {
        const { id, metadata } = await tokenClient(provers, tenant, header('authorization'), body, context.at);
        if (!isConfidential(metadata)) throw new CommandRejected('invalid-client');
        return { status: 200, body: await tokenValidation.validate(tenant, askedOf(body), context.at, id) };
      },
  }),
];
