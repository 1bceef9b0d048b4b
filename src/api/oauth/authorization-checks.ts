import { type ClaimsRequest, claimsRequest } from '../../domain/authorization/claims-request.js';
import type { AuthorizationErrorCode, Prompt, ResponseMode } from '../../domain/authorization/request.js';
import { parseScope } from '../../domain/authorization/scopes.js';
import { type ClientMetadata, isConfidential } from '../../domain/client/metadata.js';
import type { AuthorizationParameters } from './authorization-parameters.js';

/** Thrown by a check; told to the client at its redirect URI. */
export class AuthorizationFailure extends Error {
  constructor(
    readonly code: AuthorizationErrorCode,
    readonly description: string,
  ) {
    super(description);
    this.name = 'AuthorizationFailure';
  }
}

/** Reads one thing out of the parameters, or refuses them. It sees no other check's work. */
type Check<Part> = (parameters: AuthorizationParameters, client: ClientMetadata) => Part;

const refuse = (code: AuthorizationErrorCode, description: string): never => {
  throw new AuthorizationFailure(code, description);
};

/** "It MUST … return the error if the client may not use this method" (RFC 6749 section 4.1.2.1). */
const mayAskForCodes: Check<object> = (_, { grantTypes }) =>
  grantTypes.includes('authorization_code')
    ? {}
    : refuse('unauthorized_client', 'The client is not registered for the grant type authorization_code.');

/** No token leaves through the browser (RFC 9700 section 2.1.2): codes are the only response there is. */
const isForCode: Check<object> = ({ response_type }) => {
  if (response_type === undefined) return refuse('invalid_request', 'response_type is missing.');
  return response_type === 'code' ? {} : refuse('unsupported_response_type', 'The only response_type is code.');
};

const refersToNothing: Check<object> = ({ request_uri, registration }) => {
  if (request_uri !== undefined) return refuse('request_uri_not_supported', 'request_uri must be one that was pushed.');
  if (registration !== undefined) return refuse('registration_not_supported', 'registration is not read here.');
  return {};
};

/** "The client is NOT to include the request_uri parameter" (RFC 9126 section 2.1). */
const pushesNoReference: Check<object> = ({ request_uri }) =>
  request_uri === undefined ? {} : refuse('invalid_request', 'request_uri cannot be pushed.');

/** "request and request_uri parameters MUST NOT be included in Request Objects" (RFC 9101 section 4). */
const nestsNothing: Check<object> = ({ request, request_uri }) =>
  request === undefined && request_uri === undefined
    ? {}
    : refuse('invalid_request_object', 'A request object holds neither request nor request_uri.');

/** RFC 9126 section 6. */
const isPushed: Check<object> = (_, { requirePushedAuthorizationRequests }) =>
  requirePushedAuthorizationRequests ? refuse('invalid_request', 'The client must push its requests.') : {};

/** RFC 9101 section 10.5. */
const isSigned: Check<object> = (_, { requireSignedRequestObject }) =>
  requireSignedRequestObject ? refuse('invalid_request', 'The client must sign its requests.') : {};

const readScope: Check<{ scope: readonly string[] }> = ({ scope = '' }, { scopes }) => {
  const wanted = parseScope(scope) ?? refuse('invalid_scope', 'scope is not well-formed.');
  const foreign = wanted.find((one) => !scopes.includes(one));
  if (foreign !== undefined) return refuse('invalid_scope', 'The client may not ask for one of these scopes.');
  return { scope: wanted };
};

/** A SHA-256 in base64url (RFC 7636 section 4.2). */
const challengeForm = /^[A-Za-z0-9_-]{43}$/;

/** RFC 7636 section 4.4.1. `plain` is nothing but the secret itself (RFC 9700 section 2.1.1). */
const readChallenge: Check<{ codeChallenge?: string }> = ({ code_challenge, code_challenge_method }, client) => {
  if (code_challenge === undefined) {
    if (code_challenge_method !== undefined) return refuse('invalid_request', 'code_challenge is missing.');
    const needed = client.requirePkce || !isConfidential(client);
    return needed ? refuse('invalid_request', 'code_challenge is missing: PKCE is required of this client.') : {};
  }
  // "Defaults to plain if not present in the request" (RFC 7636 section 4.3)
  if (code_challenge_method !== 'S256') return refuse('invalid_request', 'code_challenge_method must be S256.');
  if (!challengeForm.test(code_challenge)) return refuse('invalid_request', 'code_challenge is no SHA-256.');
  return { codeChallenge: code_challenge };
};

const readNonce: Check<{ nonce?: string }> = ({ nonce }) => (nonce === undefined ? {} : { nonce });

/** A SHA-256 thumbprint of the key that the code is to be redeemed with (RFC 9449 section 10). */
const readKey: Check<{ boundTo?: string }> = ({ dpop_jkt }) => {
  if (dpop_jkt === undefined) return {};
  return challengeForm.test(dpop_jkt) ? { boundTo: dpop_jkt } : refuse('invalid_request', 'dpop_jkt is no thumbprint.');
};

const prompts: ReadonlySet<string> = new Set<Prompt>(['none', 'login', 'consent', 'select_account', 'create']);

/** "If this parameter contains none with any other value, an error is returned" (OpenID Connect Core 1.0 section 3.1.2.1). */
const readPrompt: Check<{ prompt: readonly Prompt[] }> = ({ prompt = '' }) => {
  const wanted = [...new Set(prompt.split(' ').filter((one) => one !== ''))];
  if (!wanted.every((one): one is Prompt => prompts.has(one)))
    return refuse('invalid_request', 'prompt has a value that is not known.');
  if (wanted.includes('none') && wanted.length > 1)
    return refuse('invalid_request', 'prompt=none goes with no other value.');
  return { prompt: wanted };
};

const readMaxAge: Check<{ maxAge?: number }> = ({ max_age }, { defaultMaxAge }) => {
  if (max_age === undefined) return defaultMaxAge === undefined ? {} : { maxAge: defaultMaxAge };
  return /^\d{1,9}$/.test(max_age)
    ? { maxAge: Number(max_age) }
    : refuse('invalid_request', 'max_age is no number of seconds.');
};

const readClaims: Check<{ claims?: ClaimsRequest }> = ({ claims }, { scopes }) => {
  if (claims === undefined) return {};
  const wanted = claimsRequest(parsed(claims), scopes);
  return wanted ? { claims: wanted } : refuse('invalid_request', 'claims is no claims request.');
};

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

const list = (text = ''): readonly string[] => text.split(' ').filter((one) => one !== '');

const readHints: Check<{ loginHint?: string; uiLocales: readonly string[]; acrValues: readonly string[] }> = ({
  login_hint,
  ui_locales,
  acr_values,
}) => ({
  ...(login_hint !== undefined && { loginHint: login_hint }),
  uiLocales: list(ui_locales),
  acrValues: list(acr_values),
});

/** How a request came: to which endpoint, in parameters as they are or in a request object (RFC 9101). */
const arrivals = ['authorize', 'authorize-object', 'par', 'par-object'] as const;
export type Arrival = (typeof arrivals)[number];

type Step<Part> = Readonly<{ check: Check<Part>; applies: ReadonlySet<Arrival> }>;

/** One column for each arrival, in their order. */
const step = <Part>(columns: string, check: Check<Part>): Step<Part> => {
  const marks = columns.trim().split(/ +/);
  return { check, applies: new Set(arrivals.filter((_, index) => marks[index] === 'yes')) };
};

/** Every check of an authorization request whose way back is known, in this order. */
const steps = [
  //    authorize     par
  //    plain object  plain object
  step('yes   yes     -     -  ', isPushed),
  step('yes   -       yes   -  ', isSigned),
  step('-     -       yes   -  ', pushesNoReference),
  step('yes   -       -     -  ', refersToNothing),
  step('-     yes     -     yes', nestsNothing),
  step('yes   yes     yes   yes', mayAskForCodes),
  step('yes   yes     yes   yes', isForCode),
  step('yes   yes     yes   yes', readScope),
  step('yes   yes     yes   yes', readChallenge),
  step('yes   yes     yes   yes', readNonce),
  step('yes   yes     yes   yes', readKey),
  step('yes   yes     yes   yes', readPrompt),
  step('yes   yes     yes   yes', readMaxAge),
  step('yes   yes     yes   yes', readClaims),
  step('yes   yes     yes   yes', readHints),
] as const;

type All<Steps> = Steps extends readonly [Step<infer Part>, ...infer Rest] ? Part & All<Rest> : unknown;

/** @throws AuthorizationFailure */
export const checkedAuthorization = (
  arrival: Arrival,
  parameters: AuthorizationParameters,
  client: ClientMetadata,
): All<typeof steps> =>
  // Each part is of the type of its check; the table is the only place that knows them all.
  steps
    .filter(({ applies }) => applies.has(arrival))
    .reduce<object>((parts, { check }) => ({ ...parts, ...check(parameters, client) }), {}) as All<typeof steps>;

export const responseModes: readonly ResponseMode[] = ['query', 'form_post'];
