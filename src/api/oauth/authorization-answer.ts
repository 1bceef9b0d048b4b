import { createHash } from 'node:crypto';
import type { AuthorizationError, ReturnAddress } from '../../domain/authorization/request.js';
import { pagePolicy } from '../answer/security-headers.js';
import { formPostDocument, submission } from '../pages/form-post.js';
import { pageType } from '../pages/layout.js';

/** What goes back to the client; `state` and `iss` are added. */
export type AnswerParameters = Readonly<{ code: string }> | AuthorizationError;

const named = (parameters: AnswerParameters): Readonly<Record<string, string>> =>
  'code' in parameters
    ? { code: parameters.code }
    : { error: parameters.error, error_description: parameters.description };

/**
 * The answer to an authorization request: by redirect (RFC 6749 section 4.1.2), or as a form that posts itself (OAuth 2.0 Form Post
 * Response Mode). "The authorization server MUST indicate its issuer identifier in error and success responses" (RFC 9207 section 2).
 */
export function authorizationAnswer(to: ReturnAddress, issuer: string, parameters: AnswerParameters) {
  const fields = { ...named(parameters), ...(to.state !== undefined && { state: to.state }), iss: issuer };
  return to.responseMode === 'query' ? redirected(to.redirectUri, fields) : posted(to.redirectUri, fields);
}

/** A registered URI with what is added to it. */
export const addressWith = (uri: string, fields: Readonly<Record<string, string>>): string => {
  const query = new URLSearchParams(fields).toString();
  return query === '' ? uri : `${uri}${uri.includes('?') ? '&' : '?'}${query}`;
};

/** The registered URI stands as it is, byte by byte. 303: what the person typed is sent to nobody (RFC 9700 section 4.12). */
const redirected = (uri: string, fields: Readonly<Record<string, string>>) =>
  ({ status: 303, headers: { Location: addressWith(uri, fields) } }) as const;

const scriptHash = `'sha256-${createHash('sha256').update(submission).digest('base64')}'`;

const posted = (uri: string, fields: Readonly<Record<string, string>>) =>
  ({
    status: 200,
    body: formPostDocument(uri, fields),
    headers: {
      'Content-Type': pageType,
      'Content-Security-Policy': pagePolicy({ 'script-src': [scriptHash], 'form-action': [formTarget(uri)] }),
      'Cache-Control': 'no-store',
    },
  }) as const;

/** The source of a Content-Security-Policy that lets a form, and the redirects after it, reach a redirect URI. */
export const formTarget = (uri: string): string => /^https?:\/\/[^/?#]*/.exec(uri)?.[0] ?? `${uri.split(':')[0]}:`;
