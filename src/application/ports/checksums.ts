/** Checksums that tell a mistyped or made-up secret from one of ours; they protect nothing. */
export abstract class Checksums {
  /** CRC-32 of the text in base62, six characters. */
  abstract base62(text: string): string;
}
