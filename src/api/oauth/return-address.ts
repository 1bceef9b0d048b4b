import type { ResponseMode, ReturnAddress } from '../../domain/authorization/request.js';
import { isRegisteredRedirectUri } from '../../domain/client/redirect-uris.js';
import type { ClientMetadata } from '../../domain/client/metadata.js';
import type { ClientId } from '../../domain/values.js';
import type { AuthorizationParameters } from './authorization-parameters.js';

/** Why a request is answered by a page: there is nobody to send the answer to (RFC 6749 section 4.1.2.1). */
export type NoReturn =
  | 'client-missing'
  | 'client-unknown'
  | 'redirect-uri-missing'
  | 'redirect-uri-not-registered'
  | 'response-mode-unknown'
  | 'request-uri-unknown'
  | 'request-too-old';

export type WayBack = Readonly<{ address: ReturnAddress; redirectUriNamed: boolean }>;

const modes: Readonly<Record<ResponseMode, true>> = { query: true, form_post: true };

/**
 * Where the answer to a request goes. "The authorization server MUST NOT automatically redirect the user-agent to the invalid redirection
 * URI" (RFC 6749 section 4.1.2.1): whatever is wrong here is told to the person alone.
 */
export function wayBack(
  parameters: AuthorizationParameters,
  client: ClientMetadata | undefined,
): WayBack | Readonly<{ noReturn: NoReturn }> {
  const { client_id, redirect_uri, response_mode = 'query', state } = parameters;
  if (client_id === undefined) return { noReturn: 'client-missing' };
  if (!client) return { noReturn: 'client-unknown' };
  const [only, ...others] = client.redirectUris;
  const redirectUri = redirect_uri ?? (others.length === 0 ? only : undefined);
  if (redirectUri === undefined) return { noReturn: 'redirect-uri-missing' };
  if (redirect_uri !== undefined && !isRegisteredRedirectUri(client, redirect_uri)) {
    return { noReturn: 'redirect-uri-not-registered' };
  }
  if (!Object.hasOwn(modes, response_mode)) return { noReturn: 'response-mode-unknown' };
  const address = {
    client: client_id as ClientId,
    redirectUri,
    responseMode: response_mode as ResponseMode,
    ...(state !== undefined && { state }),
  };
  return { address, redirectUriNamed: redirect_uri !== undefined };
}
