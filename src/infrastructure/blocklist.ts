import { dictionary } from '@zxcvbn-ts/language-common';

/**
 * Common and leaked passwords, most of them shorter than any policy allows but for the ways in which people lengthen
 * them.
 */
const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

export const blocklistSize = common.size;

/** Characters that follow each other on a keyboard, in the alphabet or in counting; also backwards. */
const rows = ['12345678901234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const walks = [...rows, ...rows.map((row) => [...row].reverse().join(''))];
const shortestWalk = 3;
/** A repeated piece of so few characters adds nothing. */
const shortestPiece = 4;

/** Judges the whole password, never parts of it (NIST SP 800-63B-4 section 3.1.1.2). */
export function isBlocked(password: string): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  const piece = repeatedPiece(text);

  return common.has(text) || common.has(piece) || (piece !== text && piece.length <= shortestPiece) || isWalk(text);
}

/**
 * The shortest text that gives the password by being repeated, the last time perhaps cut off; the password itself where
 * there is none.
 */
function repeatedPiece(text: string): string {
  const borders = [0];
  for (let end = 1; end < text.length; end += 1) {
    let border = borders[end - 1] ?? 0;
    while (border > 0 && text[end] !== text[border]) border = borders[border - 1] ?? 0;
    borders.push(text[end] === text[border] ? border + 1 : border);
  }
  const period = text.length - (borders.at(-1) ?? 0);

  return period <= text.length / 2 ? text.slice(0, period) : text;
}

function isWalk(text: string): boolean {
  let rest = text;
  while (rest.length > 0) {
    const steps = Math.max(...walks.map((walk) => sharedSteps(walk, rest)));
    if (steps < shortestWalk) return false;
    rest = rest.slice(steps);
  }

  return text !== '';
}

/** How much of the beginning of `text` lies on the walk. */
function sharedSteps(walk: string, text: string): number {
  let steps = 0;
  while (steps < text.length && walk.includes(text.slice(0, steps + 1))) steps += 1;

  return steps;
}
