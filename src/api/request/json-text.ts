import { Problem } from '../problems/problem.js';

/** Levels of arrays and objects; deeper ones would only serve to exhaust a stack. */
const maxDepth = 32;
/** PostgreSQL stores neither NUL nor a surrogate without its partner. */
const unstorable = (text: string): boolean => text.includes('\0') || /\p{Surrogate}/u.test(text);

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** JSON text (RFC 8259) from bytes, of at most `maxValues` values at any depth. @throws Problem malformed-body */
export function parseJson(bytes: Uint8Array, maxValues: number): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(decoder.decode(bytes));
  } catch {
    // The parser's message quotes the text, which may hold a password.
    throw new Problem('malformed-body', { detail: 'The body is not JSON in UTF-8.' });
  }
  inspect(parsed, '', 0, { left: maxValues });
  return parsed;
}

/** Refuses what would do harm further in, wherever it stands. */
function inspect(value: unknown, pointer: string, depth: number, budget: { left: number }): void {
  budget.left -= 1;
  if (budget.left < 0) throw new Problem('malformed-body', { detail: 'The JSON has too many values.' });
  if (typeof value === 'string') return inspectText(value, pointer);
  if (typeof value !== 'object' || value === null) return;
  if (depth === maxDepth)
    throw new Problem('malformed-body', { detail: `JSON may be nested ${maxDepth} levels deep.` });

  for (const [key, member] of Object.entries(value)) {
    // As an own member it would set a prototype where objects are merged.
    if (key === '__proto__') throw refusal(pointer, 'reserved-name', 'No member may be called __proto__.');
    inspectText(key, pointer);
    inspect(member, `${pointer}/${escapePointer(key)}`, depth + 1, budget);
  }
}

function inspectText(text: string, pointer: string): void {
  if (unstorable(text)) {
    throw refusal(pointer, 'unstorable-text', 'Text may not hold NUL characters or lone surrogates.');
  }
}

const refusal = (pointer: string, code: string, message: string): Problem =>
  new Problem('malformed-body', { errors: [{ pointer, code, message }] });

/** RFC 6901 section 3. */
export const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
