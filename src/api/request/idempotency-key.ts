import { Problem } from '../problems/problem.js';

/** A Structured Field string or, as most clients send it, the bare key. Short keys could be guessed or meet by chance. */
const form = /^(?:"([\x21\x23-\x5b\x5d-\x7e]{16,128})"|([\x21\x23-\x5b\x5d-\x7e]{16,128}))$/;

/** The value of `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07 section 2.1). @throws Problem malformed-request */
export function idempotencyKey(field: string | undefined): string | undefined {
  if (field === undefined) return undefined;
  const match = form.exec(field.trim());
  const key = match?.[1] ?? match?.[2];
  if (key === undefined) {
    throw new Problem('malformed-request', { detail: 'An Idempotency-Key has 16 to 128 visible ASCII characters.' });
  }

  return key;
}
