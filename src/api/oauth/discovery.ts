import { authenticationContexts } from '../../domain/authorization/acr.js';
import { proofAlgorithms } from '../../domain/authorization/dpop.js';
import { standardScopes } from '../../domain/authorization/scopes.js';
import { signingAlgorithms } from '../../domain/signingkeys/signing-keys.js';
import { isConfidential } from '../../domain/client/metadata.js';
import { assertionAlgorithms, authenticationMethods } from '../../domain/client/proof.js';
import { supportedClaims } from '../../domain/user/standard-claims.js';
import { jsonSchema } from '../answer/responses.js';
import { route, type Route } from '../route.js';
import type { Services } from '../services.js';
import { responseModes } from './authorization-checks.js';
import { grantTypes } from './token.js';

const provingMethods = authenticationMethods.filter((authenticationMethod) => isConfidential({ authenticationMethod }));
const assertionSigning = Object.values(assertionAlgorithms).flat();

type Needed = Pick<Services, 'issuers' | 'tenants'>;

/** Authorization server metadata (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3), told by the tables. */
export const metadataOf = (issuer: string, locales: readonly string[], registers = false) => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth2/authorize`,
  token_endpoint: `${issuer}/oauth2/token`,
  userinfo_endpoint: `${issuer}/oauth2/userinfo`,
  jwks_uri: `${issuer}/jwks.json`,
  ...(registers && { registration_endpoint: `${issuer}/oauth2/register` }),
  introspection_endpoint: `${issuer}/oauth2/introspect`,
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
  device_authorization_endpoint: `${issuer}/oauth2/device_authorization`,
  end_session_endpoint: `${issuer}/oauth2/logout`,
  revocation_endpoint: `${issuer}/oauth2/revoke`,
  scopes_supported: standardScopes,
  response_types_supported: ['code'],
  response_modes_supported: responseModes,
  grant_types_supported: grantTypes,
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: signingAlgorithms,
  token_endpoint_auth_methods_supported: authenticationMethods,
  token_endpoint_auth_signing_alg_values_supported: assertionSigning,
  introspection_signing_alg_values_supported: ['ES256'],
  introspection_endpoint_auth_methods_supported: provingMethods,
  introspection_endpoint_auth_signing_alg_values_supported: assertionSigning,
  revocation_endpoint_auth_methods_supported: authenticationMethods,
  revocation_endpoint_auth_signing_alg_values_supported: assertionSigning,
  code_challenge_methods_supported: ['S256'],
  dpop_signing_alg_values_supported: proofAlgorithms,
  claims_supported: supportedClaims,
  claim_types_supported: ['normal'],
  prompt_values_supported: ['none', 'login', 'consent', 'select_account', 'create'],
  acr_values_supported: authenticationContexts,
  ui_locales_supported: locales,
  claims_parameter_supported: true,
  request_parameter_supported: true,
  request_object_signing_alg_values_supported: assertionAlgorithms.keys,
  require_signed_request_object: false,
  pushed_authorization_request_endpoint: `${issuer}/oauth2/par`,
  require_pushed_authorization_requests: false,
  request_uri_parameter_supported: false,
  authorization_response_iss_parameter_supported: true,
});

const schema = { type: 'object', required: ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'] };
const kept = { 'Cache-Control': 'public, max-age=300' };
const example = metadataOf('https://id.example.com/t/default', ['en', 'de']);

const documentAt = (id: string, path: `/${string}/:tenant${string}`, summary: string): Route<Needed> =>
  route({
    id,
    method: 'get',
    path: path as '/t/:tenant/.well-known/openid-configuration',
    summary,
    tag: 'oauth',
    access: 'public',
    rateLimit: 'protocol',
    cors: 'any',
    otherParameters: 'ignored',
    responses: { 200: jsonSchema<object>(schema, 'The metadata.', example) },
    handler:
      ({ issuers, tenants }: Needed) =>
      async ({ tenant }) => {
        const { settings } = await tenants.activePolicy(tenant.id);
        const body = metadataOf(
          issuers.of(tenant.slug),
          settings.locales.supported,
          settings.clientRegistration.mode !== 'off',
        );
        return { status: 200, body, headers: kept };
      },
  });

/** Both forms of the address: appended (OpenID Connect Discovery 1.0 section 4) and inserted (RFC 8414 section 3.1). */
export const discoveryRoutes: readonly Route<Needed>[] = [
  documentAt(
    'openidConfiguration',
    '/t/:tenant/.well-known/openid-configuration',
    'Metadata (OpenID Connect Discovery 1.0)',
  ),
  documentAt('oauthServerMetadata', '/.well-known/oauth-authorization-server/t/:tenant', 'Metadata (RFC 8414)'),
];
