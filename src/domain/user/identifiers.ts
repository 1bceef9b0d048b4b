import type { IdentifierKind } from '../tenant/settings.js';
import { normaliseEmail } from './email.js';
import { isRefused, type NormalisedIdentifier, type Normalise } from './normalised-identifier.js';
import { normalisePhone } from './phone.js';
import { normaliseUsername } from './username.js';

/**
 * Numbers the rules that make `key`. Keys of different versions do not compare: whoever changes a rule raises this and
 * claims every identifier under both keys until all have moved.
 */
export const normalisationVersion = 1;

/** Normalises first, then validates what came out (VC-33): nothing is checked in one form and used in another. */
export const normaliseIdentifier: Readonly<Record<IdentifierKind, Normalise>> = {
  email: normaliseEmail,
  username: normaliseUsername,
  phone: normalisePhone,
};

/** Reads one sign-in field; no text is valid as two kinds. Undefined where it cannot name anybody. */
export function recogniseIdentifier(input: string): NormalisedIdentifier | undefined {
  const readings = Object.values(normaliseIdentifier).map((normalise) => normalise(input));

  return readings.find((reading) => !isRefused(reading)) as NormalisedIdentifier | undefined;
}
