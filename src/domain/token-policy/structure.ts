import type { PublicJwk, SigningAlgorithm } from '../signingkeys/signing-keys.js';

export const tokenFormats = ['jwt', 'opaque'] as const;
export type TokenFormat = (typeof tokenFormats)[number];

/** RFC 7518 sections 4.3 and 4.6; content is encrypted with A256GCM. */
export const encryptionAlgorithms = ['RSA-OAEP-256', 'ECDH-ES+A256KW'] as const;
export type Encryption = Readonly<{ algorithm: (typeof encryptionAlgorithms)[number]; key: PublicJwk }>;

/** What an access token is made of. */
export type TokenStructure = Readonly<{
  format: TokenFormat;
  /** Of signed tokens. */
  algorithm: SigningAlgorithm;
  /** The tenant's setting where nothing is said. */
  lifetimeSeconds?: number;
  /** Whom it is for; the issuer itself where it is empty. */
  audience: readonly string[];
  /** Claim names with the CEL expression of their value. */
  claims: Readonly<Record<string, string>>;
  /** What opaque tokens begin with. */
  prefix: string;
  /** Of signed tokens: only who has the private key can read them (RFC 7519 section 5.2, nested). */
  encryption?: Encryption;
}>;

export type StructureRefusal = 'reserved-claim' | 'opaque-token-says-nothing' | 'token-lives-too-long' | 'prefix-taken';

/** How tokens are made where no policy says otherwise. */
export const builtInStructure: TokenStructure = {
  format: 'jwt',
  algorithm: 'ES256',
  audience: [],
  claims: {},
  prefix: 'annal_at',
};

/** RFC 7519 section 4.1, RFC 9068 section 2.2, RFC 7800, RFC 8693, RFC 9470 and what Annal itself reads: no mapping may touch these. */
const reserved: ReadonlySet<string> = new Set(
  'iss sub aud exp nbf iat jti client_id sid gid pol scope auth_time acr amr azp nonce at_hash c_hash cnf act may_act events token_introspection typ'.split(
    ' ',
  ),
);
export const isReservedClaim = (name: string): boolean => reserved.has(name);

/** A signing key stays published for a day after its last signature. */
const longestSigned = 86_400;
const longestOpaque = 365 * 86_400;

/** Why what is said does not fit together. */
export function structureRefusal(structure: TokenStructure): StructureRefusal | undefined {
  const { format, lifetimeSeconds = 0, claims, prefix, encryption } = structure;
  if (Object.keys(claims).some(isReservedClaim)) return 'reserved-claim';
  if (format === 'opaque' && (Object.keys(claims).length > 0 || encryption)) return 'opaque-token-says-nothing';
  if (lifetimeSeconds > (format === 'jwt' ? longestSigned : longestOpaque)) return 'token-lives-too-long';
  if (prefix !== builtInStructure.prefix && prefix.startsWith('annal')) return 'prefix-taken';

  return undefined;
}
