/** Randomness, as a port so that tests and replays can name it. */
export abstract class Entropy {
  /** UUIDv7 (RFC 9562 section 5.7). */
  abstract uuid(): string;
  abstract bytes(length: number): Uint8Array;
  /** Decimal digits, uniformly. */
  abstract digits(length: number): string;
  /** Text of [0-9A-Za-z] carrying at least `bits` bits. */
  abstract token(bits: number): string;
}
