import type { IdentifierProblem, Normalise } from './normalised-identifier.js';
import { plain } from './unicode.js';

/** Digits after the plus sign: E.164 section 6 allows 15, and no country has numbers of fewer than 7 with its code. */
const limits = { least: 7, most: 15 };

/** The shape of an E.164 number. Whether a number of that shape exists is for the `Phones` port to say. */
export const normalisePhone: Normalise = (input) => {
  const refuse = (problem: IdentifierProblem) => ({ kind: 'phone', problem }) as const;
  if (input.length > 64) return refuse('phone-length');
  const text = plain(input);
  if (text === '') return refuse('phone-missing');
  if (!/^\+?[\d\s().\p{Pd}/]+$/u.test(text)) return refuse('phone-characters');
  const digits = text.replace(/\D/g, '');
  if (digits === '') return refuse('phone-characters');
  if (!text.startsWith('+') || digits.startsWith('0')) return refuse('phone-without-country-code');
  if (digits.length < limits.least || digits.length > limits.most) return refuse('phone-length');

  return { kind: 'phone', display: `+${digits}`, key: `+${digits}` };
};
