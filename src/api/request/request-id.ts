import type { IncomingHttpHeaders } from 'node:http';

const idForm = /^[A-Za-z0-9._-]{8,64}$/;
/** W3C Trace Context section 3.2. */
const traceParent = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's X-Request-Id or trace id where it is well-formed, so that logs can be joined; a fresh one otherwise. */
export function requestId(headers: IncomingHttpHeaders, fresh: () => string): string {
  const given = headers['x-request-id'];
  if (typeof given === 'string' && idForm.test(given)) return given;
  const trace = headers['traceparent'];
  return (typeof trace === 'string' ? traceParent.exec(trace)?.[1] : undefined) ?? fresh();
}
