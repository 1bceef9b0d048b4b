import { Problem } from '../problems/problem.js';

/** Levels of arrays and objects; deeper ones would only serve to exhaust a stack. */
const maxDepth = 32;
/** PostgreSQL stores neither NUL nor a surrogate without its partner. */
const unstorable = (text: string): boolean => text.includes('\0') || /\p{Surrogate}/u.test(text);

const [quote, backslash, colon] = [0x22, 0x5c, 0x3a];

/** Values that may still come, and members that were parsed. */
type Tally = { left: number; members: number };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** JSON text (RFC 8259) from bytes, of at most `maxValues` values at any depth. @throws Problem malformed-body */
export function parseJson(bytes: Uint8Array, maxValues: number): unknown {
  let text: string;
  let parsed: unknown;
  try {
    text = decoder.decode(bytes);
    parsed = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may hold a password.
    throw new Problem('malformed-body', { detail: 'The body is not JSON in UTF-8.' });
  }
  const tally = { left: maxValues, members: 0 };
  inspect(parsed, '', 0, tally);
  if (membersWritten(text) !== tally.members)
    throw refusal('', 'repeated-name', 'A member stands twice in one object.');
  return parsed;
}

/**
 * "The names within an object SHOULD be unique" (RFC 8259 section 4); "MUST NOT have duplicate" names (RFC 7493 section 2.3). The parser keeps
 * the last, another program in front of this one may have judged the first. In JSON every colon outside of strings belongs to a member.
 */
function membersWritten(text: string): number {
  let colons = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === quote) quoted = !quoted;
    else if (quoted && character === backslash) index += 1;
    else if (!quoted && character === colon) colons += 1;
  }
  return colons;
}

/** Refuses what would do harm further in, wherever it stands. */
function inspect(value: unknown, pointer: string, depth: number, tally: Tally): void {
  tally.left -= 1;
  if (tally.left < 0) throw new Problem('malformed-body', { detail: 'The JSON has too many values.' });
  if (typeof value === 'string') return inspectText(value, pointer);
  if (typeof value !== 'object' || value === null) return;
  if (depth === maxDepth)
    throw new Problem('malformed-body', { detail: `JSON may be nested ${maxDepth} levels deep.` });

  for (const [key, member] of Object.entries(value)) {
    tally.members += Array.isArray(value) ? 0 : 1;
    // As an own member it would set a prototype where objects are merged.
    if (key === '__proto__') throw refusal(pointer, 'reserved-name', 'No member may be called __proto__.');
    inspectText(key, pointer);
    inspect(member, `${pointer}/${escapePointer(key)}`, depth + 1, tally);
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
