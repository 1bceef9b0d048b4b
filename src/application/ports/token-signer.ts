import type { Encryption } from '../../domain/token-policy/structure.js';
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
  /** A signed token inside an encrypted one (RFC 7516, RFC 7519 section 5.2) that only the holder of the private key can read. */
  abstract encrypt(encryption: Encryption, type: string, signed: string): Promise<string>;
  /** The `kid` of a compact JWS, unverified; undefined where it is none. */
  abstract keyIdOf(token: string): string | undefined;
  /** The claims, or undefined unless signature, algorithm and `typ` are right. Times and names are the caller's to check. */
  abstract verify(
    key: Readonly<{ id: string; algorithm: SigningAlgorithm; publicKey: PublicJwk }>,
    type: string,
    token: string,
  ): Promise<Claims | undefined>;
}
