import type { IdentifierProblem, Normalise } from './normalised-identifier.js';
import { codePoints, folded, plain } from './unicode.js';

/** Code points. */
const limits = { least: 2, most: 64 };

const allowed = /^[\p{L}\p{M}\p{Nd}._-]+$/u;
const edges = /^[\p{L}\p{Nd}].*[\p{L}\p{M}\p{Nd}]$/u;
const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/;
/** Scripts whose letters pass for Latin ones; a name is written in one of them or in another script altogether. */
const latin = /\p{Script=Latin}/u;
const lookalike = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/**
 * Close to the UsernameCaseMapped profile of PRECIS (RFC 8265 section 3.3), with NFKC and full case folding, and narrower: letters, marks,
 * digits, dot, underscore and hyphen. No username can be read as an address, a number or an id.
 */
export const normaliseUsername: Normalise = (input) => {
  const refuse = (problem: IdentifierProblem) => ({ kind: 'username', problem }) as const;
  if (input.length > 4 * limits.most) return refuse('username-too-long');
  const display = plain(input);
  const key = folded(display);
  if (display === '') return refuse('username-missing');
  if (display.includes('@')) return refuse('username-like-email');
  if (/^[+\d][\d\s()./-]*$/u.test(display)) return refuse('username-like-phone');
  if (!allowed.test(display) || !allowed.test(key)) return refuse('username-characters');
  if (!/\p{L}/u.test(display)) return refuse('username-like-phone');
  if (codePoints(display) < limits.least) return refuse('username-too-short');
  if (codePoints(display) > limits.most) return refuse('username-too-long');
  if (!edges.test(display)) return refuse('username-edges');
  if (latin.test(display) && lookalike.test(display)) return refuse('username-mixed-scripts');
  if (uuid.test(key)) return refuse('username-like-id');

  return { kind: 'username', display, key };
};
