/** OpenID Connect Core 1.0 section 9, RFC 8705 section 2. */
export type ClientAuthenticationMethod =
  | 'none'
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'client_secret_jwt'
  | 'private_key_jwt';

/**
 * What a client has to show: nothing but its name, a secret that is sent, a secret that signs, or a key of its own. Of a secret that is
 * sent a digest is kept; one that signs is kept itself, sealed.
 */
export type Proof = 'nothing' | 'secret' | 'shared-secret' | 'keys';

/**
 * The two ways of sending a secret are one: the secret is the same, and so is what it proves. Every other method is accepted of those
 * alone that are registered for it.
 */
export const proofs: Readonly<Record<ClientAuthenticationMethod, Proof>> = {
  none: 'nothing',
  client_secret_basic: 'secret',
  client_secret_post: 'secret',
  client_secret_jwt: 'shared-secret',
  private_key_jwt: 'keys',
};

export const authenticationMethods = Object.keys(proofs) as readonly ClientAuthenticationMethod[];

/** RFC 7518 section 3.1: what assertions may be signed with, by what proves it. `none` is in no list. */
export const assertionAlgorithms = {
  'shared-secret': ['HS256', 'HS384'],
  keys: ['ES256', 'RS256', 'PS256', 'EdDSA', 'ES384', 'ES512', 'PS384', 'PS512', 'RS384', 'RS512'],
} as const satisfies Readonly<Partial<Record<Proof, readonly string[]>>>;

export const hasSecret = (method: ClientAuthenticationMethod): boolean =>
  proofs[method] === 'secret' || proofs[method] === 'shared-secret';
