import { scopeOfClaim } from '../user/standard-claims.js';
import { type ClientMetadata, deviceGrantType, isConfidential } from '../client/metadata.js';
import { isRegisteredRedirectUri } from '../client/redirect-uris.js';
import type { ClientId, Instant } from '../values.js';

import type { ClaimsRequest } from './claims-request.js';

/** OpenID Connect Core 1.0 section 3.1.2.1. */
export type Prompt = 'none' | 'login' | 'consent' | 'select_account' | 'create';

/** OAuth 2.0 Multiple Response Type Encoding Practices section 2.1, OAuth 2.0 Form Post Response Mode. */
export type ResponseMode = 'query' | 'form_post';

/** Where an answer goes, and what it must carry along. Settled before anything else, since errors go there, too. */
export type ReturnAddress = Readonly<{
  client: ClientId;
  redirectUri: string;
  responseMode: ResponseMode;
  state?: string;
}>;

/** A checked authorization request (RFC 6749 section 4.1.1, OpenID Connect Core 1.0 section 3.1.2.1). */
export type AuthorizationRequest = ReturnAddress &
  Readonly<{
    /** Whether the client named the redirect URI, so that it must name it again (RFC 6749 section 4.1.3). */
    redirectUriNamed: boolean;
    scope: readonly string[];
    /** `S256` challenge (RFC 7636 section 4.2). */
    codeChallenge?: string;
    nonce?: string;
    /** `dpop_jkt` (RFC 9449 section 10). */
    boundTo?: string;
    prompt: readonly Prompt[];
    /** Seconds since the person last proved who they are. */
    maxAge?: number;
    loginHint?: string;
    /** Who must be signed in, by an ID token of theirs. */
    subjectHint?: string;
    /** BCP 47 language tags, the preferred one first. */
    uiLocales: readonly string[];
    acrValues: readonly string[];
    claims?: ClaimsRequest;
    /** The user code of the device that gets what is agreed to (RFC 8628), in place of a code for the client. */
    device?: string;
    /** The reference under which the client pushed it (RFC 9126); spent by its answer. */
    pushed?: string;
    /** When it came: whoever must sign in again does so after it. */
    at: Instant;
  }>;

/** What the person is asked for: the scopes, and those that the claims belong to which the request names. */
export const askedFor = ({ scope, claims }: Pick<AuthorizationRequest, 'scope' | 'claims'>): readonly string[] => {
  const named = [...(claims?.userinfo ?? []), ...(claims?.idToken ?? [])].map(scopeOfClaim);

  return [...new Set([...scope, ...named.filter((one) => one !== undefined)])];
};

/** RFC 6749 section 4.1.2.1, OpenID Connect Core 1.0 section 3.1.2.6. */
export type AuthorizationErrorCode =
  | 'invalid_request'
  | 'unauthorized_client'
  | 'access_denied'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'temporarily_unavailable'
  | 'interaction_required'
  | 'login_required'
  | 'account_selection_required'
  | 'consent_required'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'invalid_request_object'
  | 'invalid_request_uri'
  | 'registration_not_supported'
  | 'unmet_authentication_requirements';

/** `description` is for the developer of the client: US-ASCII without quotation marks and backslashes (RFC 6749 section 4.1.2.1). */
export type AuthorizationError = Readonly<{ error: AuthorizationErrorCode; description: string }>;

/**
 * Whether the client may still ask for this and be answered there: it may have been changed while its person was on the pages, or while
 * the request lay pushed.
 */
export function isStillAllowed(
  request: Pick<AuthorizationRequest, 'redirectUri' | 'scope' | 'claims' | 'codeChallenge' | 'device'>,
  client: ClientMetadata,
): boolean {
  const inScope = askedFor(request).every((scope) => client.scopes.includes(scope));
  // A device gets its tokens without a code, and nobody is sent back to a client.
  if (request.device !== undefined) return inScope && client.grantTypes.includes(deviceGrantType);
  if (!client.grantTypes.includes('authorization_code')) return false;
  if (!isRegisteredRedirectUri(client, request.redirectUri)) return false;
  if (request.codeChallenge === undefined && (client.requirePkce || !isConfidential(client))) return false;
  return inScope;
}
