import { IsIn, IsString } from 'class-validator';
import { type ProblemCode, problemRow } from '../problems.js';
import type { Problem } from '../problems/problem.js';
import { noStore } from './no-store.js';
import type { Rendered } from '../answer/rendering.js';

/** RFC 6749 section 5.2; the last two stand for what that section leaves to HTTP. */
const codes = [
  'invalid_request',
  'invalid_client',
  'invalid_dpop_proof',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  // RFC 6750 section 3.1, RFC 7591 section 3.2.2
  'invalid_token',
  'invalid_redirect_uri',
  'invalid_client_metadata',
  'access_denied',
  // RFC 8628 section 3.5
  'authorization_pending',
  'slow_down',
  'expired_token',
  'temporarily_unavailable',
  'server_error',
] as const;
export type OAuthErrorCode = (typeof codes)[number];

export class OAuthError {
  @IsIn(codes) error!: OAuthErrorCode;
  @IsString() error_description!: string;
}

const statuses: Readonly<Record<OAuthErrorCode, number>> = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_dpop_proof: 400,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  invalid_token: 401,
  invalid_redirect_uri: 400,
  invalid_client_metadata: 400,
  access_denied: 403,
  authorization_pending: 400,
  slow_down: 400,
  expired_token: 400,
  temporarily_unavailable: 503,
  server_error: 500,
};

/** What the protocol has a word for; everything else follows from the status. */
const named: Readonly<Partial<Record<ProblemCode, OAuthErrorCode>>> = {
  'invalid-client': 'invalid_client',
  'unknown-client': 'invalid_client',
  'invalid-dpop-proof': 'invalid_dpop_proof',
  'invalid-grant': 'invalid_grant',
  'invalid-scope': 'invalid_scope',
  'access-denied': 'access_denied',
  'authorization-pending': 'authorization_pending',
  'slow-down': 'slow_down',
  'expired-token': 'expired_token',
  'unauthorized-client': 'unauthorized_client',
  'unsupported-grant-type': 'unsupported_grant_type',
  'invalid-registration-token': 'invalid_token',
  'client-registration-off': 'access_denied',
  'too-many-clients': 'access_denied',
  'invalid-redirect-uri': 'invalid_redirect_uri',
  'redirect-uris-needed': 'invalid_redirect_uri',
  'redirect-uris-of-nothing': 'invalid_redirect_uri',
};

export type OAuthFailures = 'oauth' | 'client-registration';

/** Whether a member that is not right holds redirect URIs. */
const speaksOfRedirects = ({ errors }: Problem): boolean =>
  errors.some(({ pointer }) => /^\/redirect_uris(?:\/|$)/.test(pointer));

function wordFor(problem: Problem, failures: OAuthFailures): OAuthErrorCode {
  const code = codeOf(problem.code);
  if (failures === 'oauth' || code !== 'invalid_request') return code;

  // A registration is metadata: whatever is wrong with the request is wrong with that.
  return speaksOfRedirects(problem) ? 'invalid_redirect_uri' : 'invalid_client_metadata';
}

function codeOf(problem: ProblemCode): OAuthErrorCode {
  const { status } = problemRow(problem);
  const word = named[problem];
  if (word) return word;
  if (status === 429 || status === 503) return 'temporarily_unavailable';

  return status >= 500 ? 'server_error' : 'invalid_request';
}

export const oauthError = (error: OAuthErrorCode, description = 'What is wrong, for developers.'): OAuthError => ({
  error,
  error_description: description,
});

/** "Values for the error_description parameter MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E." */
const plain = (text: string): string => text.replace(/`/g, '').replace(/[^\x20\x21\x23-\x5B\x5D-\x7E]/g, '?');

/** Where it is wrong, and how. */
const places = ({ errors }: Problem): string =>
  errors.length === 0 ? '' : ` (${errors.map(({ pointer, code }) => `${pointer}: ${code}`).join(', ')})`;

/** A failed request of the protocol: RFC 6749 section 5.2 instead of RFC 9457. */
export function oauthFailure(problem: Problem, failures: OAuthFailures): Rendered {
  const code = wordFor(problem, failures);
  const row = problemRow(problem.code);
  const status = [413, 415, 429].includes(row.status) || code === 'access_denied' ? row.status : statuses[code];
  return {
    status,
    headers: {
      'Content-Type': 'application/json',
      ...noStore,
      ...(code === 'invalid_client' && { 'WWW-Authenticate': 'Basic realm="annal"' }),
      ...(code === 'invalid_token' && { 'WWW-Authenticate': 'Bearer realm="annal", error="invalid_token"' }),
      ...problem.headers,
    },
    body: JSON.stringify(oauthError(code, plain(`${row.forDeveloper}${failures === 'oauth' ? '' : places(problem)}`))),
  };
}
