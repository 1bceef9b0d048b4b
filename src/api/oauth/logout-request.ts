import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { IdTokenHint } from '../../application/id-token-hints.js';
import { isRegisteredRedirectUri } from '../../domain/client/redirect-uris.js';
import type { ClientId } from '../../domain/values.js';
import type { TenantRef } from '../access/tenants.js';
import type { Services } from '../services.js';

/** OpenID Connect RP-Initiated Logout 1.0 section 2. Others are ignored. */
export class LogoutParameters {
  @IsOptional() @IsString() @MaxLength(8_192) id_token_hint?: string;
  @IsOptional() @IsString() @MaxLength(64) client_id?: string;
  @IsOptional() @IsString() @MaxLength(2_048) post_logout_redirect_uri?: string;
  @IsOptional() @IsString() @MaxLength(4_096) state?: string;
  @IsOptional() @IsString() @MaxLength(200) ui_locales?: string;
}

/** What is said to whoever wrote the application. */
export const logoutRefusals = {
  'hint-not-ours': 'id_token_hint is no ID token of this issuer.',
  'hint-of-another-client': 'id_token_hint was not given to client_id.',
  'client-unknown': 'client_id, or the audience of id_token_hint, names no enabled client of this tenant.',
  'redirect-uri-not-registered':
    'post_logout_redirect_uri is not registered for the client; it is compared byte by byte.',
} as const;
export type LogoutRefusal = keyof typeof logoutRefusals;

/** A logout that may be carried out. `redirectUri` is registered for `client`. */
export type LogoutRequest = Readonly<{ client?: ClientId; hint?: IdTokenHint; redirectUri?: string; state?: string }>;

/**
 * "The OP … MUST NOT perform post-logout redirection if the post_logout_redirect_uri value supplied does not exactly match one of the
 * previously registered post_logout_redirect_uris values" (section 3).
 */
export async function checkedLogout(
  { idTokenHints, securityRows }: Pick<Services, 'idTokenHints' | 'securityRows'>,
  tenant: TenantRef,
  { id_token_hint: token, client_id: named, post_logout_redirect_uri: uri, state }: LogoutParameters,
): Promise<LogoutRequest | Readonly<{ refused: LogoutRefusal }>> {
  const hint = token === undefined ? undefined : await idTokenHints.read(tenant, token);
  if (token !== undefined && !hint) return { refused: 'hint-not-ours' };
  if (named !== undefined && hint && hint.client !== named) return { refused: 'hint-of-another-client' };
  const client = (named as ClientId | undefined) ?? hint?.client;
  // Nothing is known of an address that no client stands behind.
  if (client === undefined) return {};
  const row = await securityRows.client(tenant.id, client);
  if (row?.status !== 'enabled' || !row.metadata) return { refused: 'client-unknown' };
  const { applicationType, postLogoutRedirectUris: redirectUris } = row.metadata;
  if (uri !== undefined && !isRegisteredRedirectUri({ applicationType, redirectUris }, uri)) {
    return { refused: 'redirect-uri-not-registered' };
  }
  return {
    client,
    ...(hint && { hint }),
    ...(uri !== undefined && { redirectUri: uri, ...(state !== undefined && { state }) }),
  };
}
