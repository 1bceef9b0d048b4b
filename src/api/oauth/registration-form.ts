import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { CommandRejected, type FieldError } from '../../application/command-rejected.js';
import type { Description } from '../../application/clients.js';
import { parseScope, standardScopes } from '../../domain/authorization/scopes.js';
import { keySet } from '../../domain/client/details.js';
import { type ClientMetadata, type GrantType, grantTypes, wrongAddresses } from '../../domain/client/metadata.js';
import { authenticationMethods, type ClientAuthenticationMethod } from '../../domain/client/proof.js';
import type { ApplicationType } from '../../domain/client/redirect-uris.js';
import { type SigningAlgorithm, signingAlgorithms } from '../../domain/signingkeys/signing-keys.js';
import { OneLine } from '../request/one-line.js';

/** RFC 7591 section 2 and OpenID Connect Dynamic Client Registration 1.0 section 2, in their own words. Members that are not here are ignored. */
export class ClientMetadataForm {
  @IsOptional() @IsString() @MaxLength(64) client_id?: string;
  @IsOptional() @IsString() @Length(1, 100) @OneLine() client_name?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) redirect_uris?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) post_logout_redirect_uris?: string[];
  @IsOptional() @IsIn(['web', 'native']) application_type?: ApplicationType;
  @IsOptional() @IsArray() @IsIn(grantTypes, { each: true }) grant_types?: GrantType[];
  @IsOptional() @IsArray() @IsIn(['code'], { each: true }) response_types?: string[];
  @IsOptional() @IsIn(authenticationMethods) token_endpoint_auth_method?: ClientAuthenticationMethod;
  @IsOptional() @IsString() @MaxLength(16) token_endpoint_auth_signing_alg?: string;
  @IsOptional() @IsString() @MaxLength(2_000) scope?: string;
  @IsOptional() @IsObject() jwks?: object;
  @IsOptional() @IsString() jwks_uri?: string;
  @IsOptional() @IsString() client_uri?: string;
  @IsOptional() @IsString() logo_uri?: string;
  @IsOptional() @IsString() policy_uri?: string;
  @IsOptional() @IsString() tos_uri?: string;
  @IsOptional() @IsString() initiate_login_uri?: string;
  @IsOptional() @IsString() sector_identifier_uri?: string;
  @IsOptional() @IsIn(['public']) subject_type?: 'public';
  @IsOptional() @IsIn(signingAlgorithms) id_token_signed_response_alg?: SigningAlgorithm;
  @IsOptional() @IsInt() @Min(0) @Max(31_536_000) default_max_age?: number;
  @IsOptional() @IsBoolean() require_auth_time?: boolean;
  @IsOptional() @IsArray() @ArrayMaxSize(10) @IsString({ each: true }) default_acr_values?: string[];
  @IsOptional() @IsString() backchannel_logout_uri?: string;
  @IsOptional() @IsBoolean() backchannel_logout_session_required?: boolean;
  @IsOptional() @IsBoolean() require_pushed_authorization_requests?: boolean;
  @IsOptional() @IsBoolean() dpop_bound_access_tokens?: boolean;
  @IsOptional() @IsString() @Length(1, 100) @OneLine() software_id?: string;
  @IsOptional() @IsString() @Length(1, 100) @OneLine() software_version?: string;
}

/** Members that are the same on both sides but for their names. */
const named = {
  jwksUri: 'jwks_uri',
  clientUri: 'client_uri',
  logoUri: 'logo_uri',
  policyUri: 'policy_uri',
  tosUri: 'tos_uri',
  initiateLoginUri: 'initiate_login_uri',
  sectorIdentifierUri: 'sector_identifier_uri',
  subjectType: 'subject_type',
  authenticationSigningAlgorithm: 'token_endpoint_auth_signing_alg',
  idTokenAlgorithm: 'id_token_signed_response_alg',
  defaultMaxAge: 'default_max_age',
  requireAuthTime: 'require_auth_time',
  defaultAcrValues: 'default_acr_values',
  backchannelLogoutUri: 'backchannel_logout_uri',
  backchannelLogoutSessionRequired: 'backchannel_logout_session_required',
  requirePushedAuthorizationRequests: 'require_pushed_authorization_requests',
  dpopBoundAccessTokens: 'dpop_bound_access_tokens',
  softwareId: 'software_id',
  softwareVersion: 'software_version',
} as const satisfies Readonly<Partial<Record<keyof ClientMetadata, keyof ClientMetadataForm>>>;

const wireNames: Readonly<Partial<Record<keyof ClientMetadata, string>>> = {
  ...named,
  redirectUris: 'redirect_uris',
  postLogoutRedirectUris: 'post_logout_redirect_uris',
};

/** What is said, with the defaults of RFC 7591 section 2. @throws CommandRejected invalid-redirect-uri, invalid-client-metadata */
export function descriptionOf(form: ClientMetadataForm): Description {
  const scopes = form.scope === undefined ? standardScopes : parseScope(form.scope);
  if (!scopes) throw refused('invalid-client-metadata', '/scope', 'not-scopes');
  const jwks = form.jwks && keySet(form.jwks);
  if (form.jwks && !jwks) throw refused('invalid-client-metadata', '/jwks', 'not-public-keys');
  const said = Object.entries(named).flatMap(([name, wire]) => (form[wire] === undefined ? [] : [[name, form[wire]]]));
  const metadata: ClientMetadata = {
    applicationType: form.application_type ?? 'web',
    redirectUris: form.redirect_uris ?? [],
    postLogoutRedirectUris: form.post_logout_redirect_uris ?? [],
    grantTypes: [...new Set(form.grant_types ?? (['authorization_code'] as const))],
    authenticationMethod: form.token_endpoint_auth_method ?? 'client_secret_basic',
    scopes,
    firstParty: false,
    requirePkce: true,
    ...(jwks && { jwks }),
    ...(Object.fromEntries(said) as Partial<ClientMetadata>),
  };
  requireAddresses(metadata);

  return { name: form.client_name ?? nameOf(metadata), metadata };
}

/** What cannot be forged: where the answers go. */
function nameOf({ redirectUris: [first = ''] }: ClientMetadata): string {
  const name = URL.canParse(first) ? new URL(first).host || new URL(first).protocol.slice(0, -1) : '';
  return name.slice(0, 100) || 'Application without a name';
}

function requireAddresses(metadata: ClientMetadata): void {
  const wrong = wrongAddresses(metadata);
  if (wrong.length === 0) return;
  const fields = wrong.map(({ field, index, refusal }) => {
    const pointer = `/${wireNames[field] ?? field}${index === undefined ? '' : `/${index}`}`;
    return { pointer, code: refusal, message: 'is no address for this' };
  });
  const redirect = wrong.some(({ field }) => field === 'redirectUris');
  throw new CommandRejected(redirect ? 'invalid-redirect-uri' : 'invalid-client-metadata', { fields });
}

const refused = (code: 'invalid-client-metadata', pointer: string, what: string): CommandRejected =>
  new CommandRejected(code, { fields: [{ pointer, code: what, message: 'cannot be this' } satisfies FieldError] });

/** What the tenant knows of it, as it would be said. */
export function formOf(name: string, metadata: ClientMetadata): object {
  const said = Object.entries(named).flatMap(([member, wire]) => {
    const value = metadata[member as keyof typeof named];
    return value === undefined ? [] : [[wire, value] as const];
  });
  return {
    client_name: name,
    application_type: metadata.applicationType,
    redirect_uris: metadata.redirectUris,
    ...(metadata.postLogoutRedirectUris.length > 0 && { post_logout_redirect_uris: metadata.postLogoutRedirectUris }),
    grant_types: metadata.grantTypes,
    response_types: metadata.grantTypes.includes('authorization_code') ? ['code'] : [],
    token_endpoint_auth_method: metadata.authenticationMethod,
    scope: metadata.scopes.join(' '),
    ...(metadata.jwks && { jwks: { keys: metadata.jwks } }),
    ...Object.fromEntries(said),
  };
}
