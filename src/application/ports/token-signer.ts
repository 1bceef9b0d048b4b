import type { PrivateJwk, PublicJwk, SigningAlgorithm } from '../../domain/signingkeys/signing-keys.js';

export type Claims = Readonly<Record<string, unknown>>;

/** JSON Web Signatures (RFC 7515) and keys (RFC 7517). */
export abstract class TokenSigner {
  abstract generate(algorithm: SigningAlgorithm): Promise<Readonly<{ publicKey: PublicJwk; privateKey: PrivateJwk }>>;
  /** Compact JWS of the claims; `type` becomes the `typ` header. */
  abstract sign(
    key: Readonly<{ id: string; algorithm: SigningAlgorithm; privateKey: PrivateJwk }>,
    type: string,
    claims: Claims,
  ): Promise<string>;
  /** The `kid` of a compact JWS, unverified; undefined where it is none. */
  abstract keyIdOf(token: string): string | undefined;
  /** The claims, or undefined unless signature, algorithm and `typ` are right. Times and names are the caller's to check. */
  abstract verify(
    key: Readonly<{ id: string; algorithm: SigningAlgorithm; publicKey: PublicJwk }>,
    type: string,
    token: string,
  ): Promise<Claims | undefined>;
}
