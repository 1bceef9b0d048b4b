import type { IncomingMessage } from 'node:http';
import { Problem } from '../problems/problem.js';
import { readBody } from '../request/request-body.js';

const form = { type: Object, example: {}, mediaType: 'application/x-www-form-urlencoded', maxBytes: 16_384 } as const;

const isForm = (message: IncomingMessage): boolean =>
  (message.headers['content-type'] ?? '').toLowerCase().startsWith(form.mediaType);

/**
 * The access token of a form (RFC 6750 section 2.2) in the shape of the header field, for the few rows that read it; one in the query is
 * never looked at (RFC 9700 section 4.3.2). Undefined where there is none. @throws Problem malformed-request
 */
export async function bearerOfForm(message: IncomingMessage): Promise<string | undefined> {
  if (!isForm(message)) return undefined;
  const { value } = await readBody(message, form);
  const { access_token: token } = value as Readonly<Record<string, string>>;
  if (token === undefined) return undefined;
  // "Clients MUST NOT use more than one method to transmit the token in each request." (RFC 6750 section 2)
  if (message.headers.authorization !== undefined)
    throw new Problem('malformed-request', { detail: 'The access token came twice.' });
  return `Bearer ${token}`;
}

/** Whether `bearerOfForm` has read the body of this request. */
export const hasFormBody = isForm;
