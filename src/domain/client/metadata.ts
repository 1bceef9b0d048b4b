import type { SigningAlgorithm } from '../signingkeys/signing-keys.js';
import type { ApplicationType } from './redirect-uris.js';

/** OpenID Connect Core 1.0 section 9, RFC 8705 section 2. */
export type ClientAuthenticationMethod = 'none' | 'client_secret_basic' | 'client_secret_post';

/** RFC 7591 section 2. */
export type GrantType = 'authorization_code' | 'refresh_token';

/**
 * What an application says of itself and the tenant of it, in the words of RFC 7591 section 2 and OpenID Connect Dynamic Client
 * Registration 1.0 section 2.
 */
export type ClientMetadata = Readonly<{
  applicationType: ApplicationType;
  redirectUris: readonly string[];
  /** RP-Initiated Logout 1.0 section 3.1. */
  postLogoutRedirectUris: readonly string[];
  grantTypes: readonly GrantType[];
  authenticationMethod: ClientAuthenticationMethod;
  /** Scopes that it may ask for. */
  scopes: readonly string[];
  /** The tenant's own: people are not asked whether they trust it, and it may sign them in with its own form. */
  firstParty: boolean;
  /** RFC 9700 section 2.1.1; only a confidential client may do without. */
  requirePkce: boolean;
  /** `id_token_signed_response_alg`; ES256 where nothing is said. */
  idTokenAlgorithm?: SigningAlgorithm;
}>;

export const isConfidential = ({ authenticationMethod }: Pick<ClientMetadata, 'authenticationMethod'>): boolean =>
  authenticationMethod !== 'none';

export type MetadataRefusal =
  | 'redirect-uris-needed'
  | 'redirect-uris-of-nothing'
  | 'refresh-without-code'
  | 'public-client-without-pkce';

/** Why what is said does not fit together. */
export function metadataRefusal(metadata: ClientMetadata): MetadataRefusal | undefined {
  const { redirectUris, grantTypes, authenticationMethod, requirePkce } = metadata;
  const byCode = grantTypes.includes('authorization_code');
  if (byCode && redirectUris.length === 0) return 'redirect-uris-needed';
  if (!byCode && redirectUris.length > 0) return 'redirect-uris-of-nothing';
  if (!byCode && grantTypes.includes('refresh_token')) return 'refresh-without-code';
  if (authenticationMethod === 'none' && byCode && !requirePkce) return 'public-client-without-pkce';

  return undefined;
}

/** An API or app of the tenant that asks nobody to come by: it introspects tokens, or signs people in with its own form. */
export const ownMetadata = (confidential: boolean): ClientMetadata => ({
  applicationType: 'web',
  redirectUris: [],
  postLogoutRedirectUris: [],
  grantTypes: [],
  authenticationMethod: confidential ? 'client_secret_basic' : 'none',
  scopes: [],
  firstParty: true,
  requirePkce: true,
});
