import { Problem } from '../problems/problem.js';

/** Parameters of a query or a form. More than these no operation has. */
const maxParameters = 64;

/**
 * `application/x-www-form-urlencoded`, each name once. Strict where URLSearchParams is lenient: a malformed percent sequence or a byte
 * sequence that is not UTF-8 is refused, not replaced.
 * @throws Problem repeated-parameter, or `malformed` for what cannot be decoded
 */
export function parseForm(
  text: string,
  malformed: 'malformed-request' | 'malformed-body',
): Readonly<Record<string, string>> {
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  if (text === '') return fields;
  const pairs = text.split('&', maxParameters + 1);
  if (pairs.length > maxParameters)
    throw new Problem(malformed, { detail: `At most ${maxParameters} parameters are read.` });

  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals === -1 ? pair : pair.slice(0, equals), malformed);
    if (name in fields) throw new Problem('repeated-parameter', { errors: [repeated(name)] });

    fields[name] = equals === -1 ? '' : decode(pair.slice(equals + 1), malformed);
  }
  return fields;
}

/** Text without any of these stands for itself, as tokens do. */
const encodedOrNul = /[%+\0]/;

function decode(encoded: string, malformed: 'malformed-request' | 'malformed-body'): string {
  if (!encodedOrNul.test(encoded)) return encoded;
  let decoded: string;
  try {
    decoded = decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    throw new Problem(malformed, { detail: 'A parameter is not well-formed percent-encoded UTF-8.' });
  }
  if (decoded.includes('\0')) throw new Problem(malformed, { detail: 'A parameter holds a NUL character.' });

  return decoded;
}

const repeated = (name: string) => ({
  pointer: `?${encodeURIComponent(name)}`,
  code: 'repeated',
  message: 'Send this parameter once.',
});
