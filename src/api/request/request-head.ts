import type { IncomingMessage } from 'node:http';
import { Problem } from '../problems/problem.js';

const maxTarget = 8_192;

/** Fields of which Node keeps the first and drops the rest, where another server on the way may have believed the last. */
const single: ReadonlySet<string> = new Set(['authorization', 'content-type', 'host', 'if-match']);

/** What browsers send in a path and query: printable ASCII but `#`, which begins what is never sent (RFC 3986 section 3.5). */
const pathForm = /^\/(?!\/)[\x21\x22\x24-\x7e]*$/;

/** Whether a request target can be looked at without a URL parser's opinion on what it might have meant. */
export const isPathForm = (url: string): boolean => pathForm.test(url);

export type Target = Readonly<{ path: string; search: string }>;

/**
 * Path and query of the request, as sent, once its head is known to be unambiguous.
 * @throws Problem malformed-request, path-too-long
 */
export function readHead(message: IncomingMessage): Target {
  const url = message.url ?? '';
  if (url.length > maxTarget) throw new Problem('path-too-long');
  if (!isPathForm(url))
    throw new Problem('malformed-request', { detail: 'The request target is a path, percent-encoded.' });
  if (message.headers.host === undefined && message.httpVersion === '1.1') {
    throw new Problem('malformed-request', { detail: 'The Host field is missing.' });
  }
  refuseRepeated(message.rawHeaders);

  const question = url.indexOf('?');
  return question === -1
    ? { path: url, search: '' }
    : { path: url.slice(0, question), search: url.slice(question + 1) };
}

function refuseRepeated(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!single.has(name)) continue;
    if (seen.has(name)) throw new Problem('malformed-request', { detail: `The field ${name} stands more than once.` });
    seen.add(name);
  }
}

/** A field that may stand once, or the list that several make. */
export function headerOf(message: IncomingMessage, name: string): string | undefined {
  const value = message.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
