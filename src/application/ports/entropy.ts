/** Randomness and derived ids, as a port so that tests and replays can name them. */
export abstract class Entropy {
  /** UUIDv7 (RFC 9562 section 5.7). */
  abstract uuid(): string;
  /** UUIDv5 (RFC 9562 section 5.5) of `name` under `namespace`: the same for every retry. */
  abstract derived(namespace: string, name: string): string;
  abstract bytes(length: number): Uint8Array;
  /** Decimal digits, uniformly. */
  abstract digits(length: number): string;
  /** Text of [0-9A-Za-z] carrying at least `bits` bits. */
  abstract token(bits: number): string;
}
