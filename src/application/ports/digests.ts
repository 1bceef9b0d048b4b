/** Hashes without a key, for what the protocol compares in the open. */
export abstract class Digests {
  /** SHA-256 of the text's ASCII, in base64url without padding (RFC 7636 section 4.2). */
  abstract sha256(text: string): string;
  /** The left half of the hash that goes with a signature algorithm, in base64url (OpenID Connect Core 1.0 section 3.1.3.6). */
  abstract leftHalf(algorithm: string, text: string): string;
}
