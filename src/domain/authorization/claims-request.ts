import { scopeOfClaim } from '../user/standard-claims.js';

/** Claims that a request names one by one, besides its scopes (OpenID Connect Core 1.0 section 5.5). */
export type ClaimsRequest = Readonly<{
  userinfo: readonly string[];
  idToken: readonly string[];
  /** Whom the ID token must be about. */
  subject?: string;
  /** One of these classes is essential. */
  essentialAcr?: readonly string[];
}>;

type Wish = Readonly<{ essential: boolean; values: readonly string[] }>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const texts = (values: readonly unknown[]): readonly string[] =>
  values.filter((one): one is string => typeof one === 'string');

function wishOf(value: unknown): Wish | undefined {
  if (value === null) return { essential: false, values: [] };
  if (!isObject(value)) return undefined;
  const { essential, value: only, values } = value;

  return { essential: essential === true, values: texts(Array.isArray(values) ? values : [only]) };
}

/** Undefined where it is no such member. */
function wishes(member: unknown): ReadonlyMap<string, Wish> | undefined {
  if (member === undefined) return new Map();
  if (!isObject(member)) return undefined;
  const found = new Map<string, Wish>();
  for (const [name, value] of Object.entries(member)) {
    const wish = wishOf(value);
    if (!wish) return undefined;
    found.set(name, wish);
  }
  return found;
}

/** Claims that nobody knows, or that the client may not ask for, are left out: a claim is never owed. */
const known = (names: Iterable<string>, allowed: readonly string[]): readonly string[] =>
  [...names].filter((name) => allowed.includes(scopeOfClaim(name) ?? '')).slice(0, 50);

/** What the parameter `claims` asks for; undefined where it is not what section 5.5 describes. */
export function claimsRequest(value: unknown, allowedScopes: readonly string[]): ClaimsRequest | undefined {
  if (!isObject(value)) return undefined;
  const [userinfo, idToken] = [wishes(value['userinfo']), wishes(value['id_token'])];
  if (!userinfo || !idToken) return undefined;
  const subject = idToken.get('sub')?.values[0];
  const acr = idToken.get('acr');

  return {
    userinfo: known(userinfo.keys(), allowedScopes),
    idToken: known(idToken.keys(), allowedScopes),
    ...(subject !== undefined && { subject }),
    ...(acr?.essential && acr.values.length > 0 && { essentialAcr: acr.values }),
  };
}
