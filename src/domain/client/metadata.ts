import type { SigningAlgorithm } from '../signingkeys/signing-keys.js';
import type { ClientDetails } from './details.js';
import { assertionAlgorithms, type ClientAuthenticationMethod, proofs } from './proof.js';
import {
  type ApplicationType,
  fetchedUriRefusal,
  redirectUriRefusal,
  type RedirectUriRefusal,
} from './redirect-uris.js';

export type { ClientAuthenticationMethod } from './proof.js';

/** RFC 7591 section 2. */
/** RFC 8628 section 3.4. */
export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code';
export const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials', deviceGrantType] as const;
export type GrantType = (typeof grantTypes)[number];

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
}> &
  ClientDetails;

export const isConfidential = ({ authenticationMethod }: Pick<ClientMetadata, 'authenticationMethod'>): boolean =>
  proofs[authenticationMethod] !== 'nothing';

export type MetadataRefusal =
  | 'redirect-uris-needed'
  | 'redirect-uris-of-nothing'
  | 'refresh-without-code'
  | 'public-client-without-pkce'
  | 'credentials-of-public-client'
  | 'keys-needed'
  | 'keys-twice'
  | 'algorithm-not-of-method';

/** Why what is said does not fit together. */
export function metadataRefusal(metadata: ClientMetadata): MetadataRefusal | undefined {
  const { redirectUris, grantTypes, authenticationMethod, requirePkce } = metadata;
  const byCode = grantTypes.includes('authorization_code');
  if (byCode && redirectUris.length === 0) return 'redirect-uris-needed';
  if (!byCode && redirectUris.length > 0) return 'redirect-uris-of-nothing';
  if (!byCode && !grantTypes.includes(deviceGrantType) && grantTypes.includes('refresh_token'))
    return 'refresh-without-code';
  if (authenticationMethod === 'none' && byCode && !requirePkce) return 'public-client-without-pkce';
  // "The client credentials grant type MUST only be used by confidential clients." (RFC 6749 section 4.4)
  if (authenticationMethod === 'none' && grantTypes.includes('client_credentials'))
    return 'credentials-of-public-client';

  return keysRefusal(metadata);
}

/** "The jwks_uri and jwks parameters MUST NOT both be present" (RFC 7591 section 2). */
function keysRefusal(metadata: ClientMetadata): MetadataRefusal | undefined {
  const { jwks, jwksUri, authenticationMethod, authenticationSigningAlgorithm: algorithm } = metadata;
  const proof = proofs[authenticationMethod];
  if (jwks !== undefined && jwksUri !== undefined) return 'keys-twice';
  if (proof === 'keys' && jwksUri === undefined && (jwks ?? []).length === 0) return 'keys-needed';
  if (algorithm === undefined) return undefined;
  const usable: readonly string[] = proof === 'keys' || proof === 'shared-secret' ? assertionAlgorithms[proof] : [];

  return usable.includes(algorithm) ? undefined : 'algorithm-not-of-method';
}

export type WrongAddress = Readonly<{
  field: keyof ClientMetadata;
  /** Of lists. */
  index?: number;
  refusal: RedirectUriRefusal;
}>;

const addresses = [
  'clientUri',
  'logoUri',
  'policyUri',
  'tosUri',
  'initiateLoginUri',
  'jwksUri',
  'sectorIdentifierUri',
  'backchannelLogoutUri',
] as const satisfies readonly (keyof ClientMetadata)[];

/** Every address in it that cannot be one. What the service or a browser is to fetch is of https, whatever the client is. */
export function wrongAddresses(metadata: ClientMetadata): readonly WrongAddress[] {
  const lists = (['redirectUris', 'postLogoutRedirectUris'] as const).flatMap((field) =>
    metadata[field].flatMap((uri, index): readonly WrongAddress[] => {
      const refusal = redirectUriRefusal(metadata.applicationType, uri);
      return refusal ? [{ field, index, refusal }] : [];
    }),
  );
  const single = addresses.flatMap((field): readonly WrongAddress[] => {
    const uri = metadata[field];
    const refusal = uri === undefined ? undefined : fetchedUriRefusal(uri);
    return refusal ? [{ field, refusal }] : [];
  });

  return [...lists, ...single];
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
