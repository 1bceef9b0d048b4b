import type { IdentifierRefusal, NormalisedIdentifier } from '../../domain/user/normalised-identifier.js';

/** Knows the numbering plans of the world. */
export abstract class Phones {
  /**
   * `region` (ISO 3166-1 alpha-2) reads a number written without its country code; without it only `+…` is understood.
   */
  abstract parse(input: string, region?: string): NormalisedIdentifier | IdentifierRefusal;
}
