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
 * Close to the UsernameCaseMapped profile of PRECIS (RFC 8265 section 3.3), with NFKC and full case folding, and
 * narrower: letters, marks, digits, dot, underscore and hyphen. No username can be read as an address, a number or an
 * id.
 */
export const normaliseUsername: Normalise = (input) => {
  if (input.length > 4 * limits.most) return { kind: 'username', problem: 'username-too-long' };
  const display = plain(input);
  const key = folded(display);
  // Folding may lengthen a name or change its scripts, so that both forms have to pass.
  const problem = problemOf(display) ?? problemOf(key);

  return problem ? { kind: 'username', problem } : { kind: 'username', display, key };
};

function problemOf(name: string): IdentifierProblem | undefined {
  if (name === '') return 'username-missing';
  if (name.includes('@')) return 'username-like-email';
  if (/^[+\d][\d\s()./-]*$/u.test(name)) return 'username-like-phone';
  if (!allowed.test(name)) return 'username-characters';
  if (!/\p{L}/u.test(name)) return 'username-like-phone';
  if (codePoints(name) < limits.least) return 'username-too-short';
  if (codePoints(name) > limits.most) return 'username-too-long';
  if (!edges.test(name)) return 'username-edges';
  if (latin.test(name) && lookalike.test(name)) return 'username-mixed-scripts';

  return uuid.test(folded(name)) ? 'username-like-id' : undefined;
}
