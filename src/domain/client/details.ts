import { isRecord } from '../json.js';

/** A public key as a client says it (RFC 7517); what is not of a public key is not kept. */
export type ClientKey = Readonly<Record<string, string>>;

/**
 * What a client may say beside what it must: RFC 7591 section 2, OpenID Connect Dynamic Client Registration 1.0 section 2, Back-Channel
 * Logout 1.0 section 2.2, RFC 9126 section 6, RFC 9449 section 5.2, RFC 8705 section 3.4. `contacts` are people: they are not kept.
 */
export type ClientDetails = Readonly<{
  clientUri?: string;
  logoUri?: string;
  policyUri?: string;
  tosUri?: string;
  initiateLoginUri?: string;
  /** Instead of `jwksUri`. */
  jwks?: readonly ClientKey[];
  jwksUri?: string;
  sectorIdentifierUri?: string;
  subjectType?: 'public';
  /** The one algorithm of its assertions; any of its method where nothing is said. */
  authenticationSigningAlgorithm?: string;
  defaultMaxAge?: number;
  requireAuthTime?: boolean;
  defaultAcrValues?: readonly string[];
  backchannelLogoutUri?: string;
  backchannelLogoutSessionRequired?: boolean;
  requirePushedAuthorizationRequests?: boolean;
  /** RFC 9101 section 10.5. */
  requireSignedRequestObject?: boolean;
  /** The one algorithm of its request objects; any asymmetric one where nothing is said. */
  requestObjectAlgorithm?: string;
  dpopBoundAccessTokens?: boolean;
  softwareId?: string;
  softwareVersion?: string;
}>;

/** Members of an RFC 7517 key that are public: RFC 7518 section 6.2.1 and 6.3.1, RFC 8037 section 2. */
const publicMembers = ['kty', 'use', 'alg', 'kid', 'crv', 'x', 'y', 'n', 'e'] as const;
/** A key that has one of these is no public key any more. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;
const kinds: ReadonlySet<unknown> = new Set(['EC', 'RSA', 'OKP']);
const longestMember = 2_048;

const mostKeys = 20;

/** The keys of a set (RFC 7517 section 5), or undefined where it is none, holds too many, or anything but public keys. */
export function keySet(given: object): readonly ClientKey[] | undefined {
  const { keys } = given as { keys?: unknown };
  if (!Array.isArray(keys) || keys.length > mostKeys) return undefined;
  const read = keys.map((key: unknown) => (isRecord(key) ? publicKey(key) : undefined));
  const all = read.filter((key) => key !== undefined);

  return all.length === read.length ? all : undefined;
}

/** The public key that this is, or undefined where it is none, or more than that. */
export function publicKey(given: Readonly<Record<string, unknown>>): ClientKey | undefined {
  if (privateMembers.some((name) => Object.hasOwn(given, name)) || !kinds.has(given['kty'])) return undefined;
  const members = publicMembers.flatMap((name): readonly (readonly [string, unknown])[] =>
    Object.hasOwn(given, name) ? [[name, given[name]]] : [],
  );
  const allText = members.every(([, value]) => typeof value === 'string' && value.length <= longestMember);

  return allText ? (Object.fromEntries(members) as ClientKey) : undefined;
}
