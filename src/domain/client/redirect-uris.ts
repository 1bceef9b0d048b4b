/** What an application is made of: who can keep a secret, and where its answers go. */
export type ApplicationType = 'web' | 'native';

export type RedirectUriRefusal =
  | 'not-absolute'
  | 'has-fragment'
  | 'has-user-info'
  | 'has-wildcard'
  | 'forbidden-character'
  | 'scheme-not-allowed'
  | 'host-not-allowed'
  | 'reserved-parameter'
  | 'too-long';

/** Longer ones are no addresses of anybody. */
export const longestRedirectUri = 2_048;

/** Everything but visible ASCII, and what RFC 3986 section 2 has no place for. */
const forbidden = /[^\x21-\x7E]|["<>\\^`{|}]/;
/** RFC 3986 section 3, taken apart without changing a byte of it. */
const parts = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(#.*)?$/s;
const authority = /^(?:(.*)@)?(\[[^\]]*\]|[^:@]*)(?::(.*))?$/s;
/** Names of hosts as DNS has them, and addresses. Others, RFC 3986 or not, end up in header fields with a meaning of their own there. */
const hostForm = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/;
const port = /^[1-9]\d{0,4}$/;
/** What the answer itself carries; a registered parameter of that name would be there twice. */
const answered: ReadonlySet<string> = new Set([
  'code',
  'state',
  'iss',
  'error',
  'error_description',
  'id_token',
  'response',
]);
/** RFC 8252 section 8.3: on people's machines `localhost` may be anybody's. */
const loopbackLiterals: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]']);

const isPort = (text: string): boolean => port.test(text) && Number(text) <= 65_535;

/**
 * Why a redirect URI may not be registered; undefined where it may. Web applications are answered over TLS, but on
 * their developer's machine; native ones at a claimed https
 * URI, a loopback literal or a private-use scheme, which contains a period (RFC 8252 sections 7.1 to 7.3).
 */
export function redirectUriRefusal(type: ApplicationType, uri: string): RedirectUriRefusal | undefined {
  if (uri.length > longestRedirectUri) return 'too-long';
  if (forbidden.test(uri)) return 'forbidden-character';
  if (uri.includes('*')) return 'has-wildcard';
  const [, scheme, host, path = '', query = '', fragment] = parts.exec(uri) ?? [];
  if (scheme === undefined) return 'not-absolute';
  if (fragment !== undefined) return 'has-fragment';
  if (host?.includes('@')) return 'has-user-info';
  if (query.split('&').some((pair) => answered.has(pair.split('=')[0] ?? ''))) return 'reserved-parameter';
  if (scheme === 'https') return hostRefusal(host);
  if (scheme === 'http') return hostRefusal(host) ?? (isOwnMachine(type, host) ? undefined : plainHttp[type]);
  if (type === 'web') return 'scheme-not-allowed';
  const isPrivateUse = scheme.includes('.') && scheme === scheme.toLowerCase() && host === undefined;

  return isPrivateUse && path.startsWith('/') ? undefined : 'scheme-not-allowed';
}

/** Of what others fetch: https alone, on whatever machine. */
export const fetchedUriRefusal = (uri: string): RedirectUriRefusal | undefined =>
  /^http:/i.test(uri) ? 'scheme-not-allowed' : redirectUriRefusal('web', uri);

function hostRefusal(given: string | undefined): RedirectUriRefusal | undefined {
  const [, , host = '', number] = authority.exec(given ?? '') ?? [];
  if (host === '') return 'not-absolute';
  if (!hostForm.test(host) || host.endsWith('.')) return 'host-not-allowed';

  return number === undefined || isPort(number) ? undefined : 'host-not-allowed';
}

const plainHttp = { web: 'scheme-not-allowed', native: 'host-not-allowed' } as const;

/** A web application that is being developed is on its developer's machine, under whatever name. */
function isOwnMachine(type: ApplicationType, given: string | undefined): boolean {
  const host = authority.exec(given ?? '')?.[2] ?? '';

  return loopbackLiterals.has(host) || (type === 'web' && host === 'localhost');
}

const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::([^/?#]*))?((?:[/?]|$).*)$/s;

/**
 * The registered URI that this one is, byte by byte (RFC 9700 section 2.1); undefined where it is none of them. Nothing is parsed,
 * decoded or normalised. "The authorization server MUST allow any port to be specified at the time of the request for loopback IP
 * redirect URIs" (RFC 8252 section 7.3), of native applications alone.
 */
export const isRegisteredRedirectUri = (
  { applicationType, redirectUris }: Readonly<{ applicationType: ApplicationType; redirectUris: readonly string[] }>,
  uri: string,
): boolean =>
  redirectUris.includes(uri) ||
  (applicationType === 'native' && redirectUris.some((registered) => differsInPortAlone(registered, uri)));

function differsInPortAlone(registered: string, uri: string): boolean {
  const [, origin, , rest] = loopback.exec(registered) ?? [];
  const [, givenOrigin, givenPort, givenRest] = loopback.exec(uri) ?? [];
  if (origin === undefined || origin !== givenOrigin || rest !== givenRest) return false;

  return givenPort !== undefined && isPort(givenPort);
}
