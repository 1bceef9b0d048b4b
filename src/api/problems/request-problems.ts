import type { ProblemRow } from './problem-row.js';

/** How a request fails before or beside what it asks for: syntax, credentials, limits, preconditions, faults. */
export const requestProblems = {
  // The request as such
  'malformed-request': {
    status: 400,
    title: 'The request is malformed.',
    forDeveloper:
      'The path, the query or a header is not well-formed: check percent-encoding, NUL bytes and header syntax.',
  },
  'malformed-body': {
    status: 400,
    title: 'The body is malformed.',
    forDeveloper:
      'Send one JSON object in UTF-8, without a byte order mark, NUL characters, lone surrogates or `__proto__` members.',
  },
  'unknown-field': {
    status: 400,
    title: 'The request has a field that this operation does not know.',
    forDeveloper: 'Remove the members or parameters listed in `errors`; read-only fields cannot be sent.',
  },
  'repeated-parameter': {
    status: 400,
    title: 'A query parameter is given more than once.',
    forDeveloper: 'Send each query parameter once.',
  },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor is not valid here.',
    forDeveloper:
      'Follow `next` of the previous page as it is; a cursor belongs to one tenant, one operation and one query.',
  },
  unauthenticated: {
    status: 401,
    title: 'Authentication is required.',
    forDeveloper: 'Send `Authorization: Bearer <access token>` with a token of the tenant that the path names.',
  },
  'invalid-token': {
    status: 401,
    title: 'The access token is not valid.',
    forDeveloper: 'The token is expired, revoked, malformed or of another tenant: obtain a new one.',
  },
  forbidden: {
    status: 403,
    title: 'This is not allowed.',
    forDeveloper: 'The account behind the token lacks the permission that the operation names in the API description.',
  },
  'cross-site': {
    status: 403,
    title: 'The form was sent from another site.',
    forDeveloper:
      'Forms of these pages are taken from these pages only: `Sec-Fetch-Site` or `Origin` says otherwise. Programs use the API.',
  },
  'tenant-suspended': {
    status: 403,
    title: 'This tenant is suspended.',
    forDeveloper: 'An installation administrator can reactivate it.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing here.',
    forDeveloper:
      'Check the path, the tenant and the identifiers in it. What belongs to another tenant does not exist here.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The resource does not know this method.',
    forDeveloper: '`Allow` lists the methods it knows.',
  },
  'not-acceptable': {
    status: 406,
    title: 'No acceptable representation exists.',
    forDeveloper: 'Accept the media type that the API description names for this operation.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive.',
    forDeveloper: 'Send the whole request within 30 seconds.',
    transient: true,
  },
  conflict: {
    status: 409,
    title: 'Somebody else changed this at the same time.',
    forDeveloper: 'Read it again, then repeat the change.',
    transient: true,
  },
  'foreign-epoch': {
    status: 409,
    title: 'The position belongs to an earlier life of the log.',
    forDeveloper:
      'The log was restored or copied since the position was given: drop it, read again, and keep the new position.',
  },
  'request-in-progress': {
    status: 409,
    title: 'A request with this Idempotency-Key is still being worked on.',
    forDeveloper: 'Repeat the same request after the seconds in `Retry-After`.',
    transient: true,
  },
  'revision-mismatch': {
    status: 412,
    title: 'It was changed since it was read.',
    forDeveloper: 'Read it again, and send its new `ETag` as `If-Match`.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large.',
    forDeveloper: 'The API description names the limit of each operation.',
  },
  'path-too-long': {
    status: 414,
    title: 'The path or query is too long.',
    forDeveloper: 'Paths with their query are limited to 8,192 characters.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body is of a type that this operation does not read.',
    forDeveloper: 'Send the media type that the API description names, in UTF-8, without Content-Encoding.',
  },
  'invalid-fields': {
    status: 422,
    title: 'Some fields are not valid.',
    forDeveloper: '`errors` names each one with a pointer, a code and a message.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key stands for another request.',
    forDeveloper: 'Make a new key for every new request; repeat a request with the bytes it had.',
  },
  'revision-required': {
    status: 428,
    title: 'The change must say which state it builds on.',
    forDeveloper: 'Send the `ETag` of what was read as `If-Match`.',
  },
  'too-many-requests': {
    status: 429,
    title: 'There were too many requests.',
    forDeveloper: 'Wait the seconds in `Retry-After`; `RateLimit` shows the budget that is left.',
    transient: true,
  },
  'headers-too-large': {
    status: 431,
    title: 'The header fields are too large.',
    forDeveloper: 'All header fields together are limited to 16 KiB.',
  },
  internal: {
    status: 500,
    title: 'The service failed.',
    forDeveloper: 'This is a fault of the service. Quote `instance` to the operator; the log has the cause.',
    transient: true,
  },
  unavailable: {
    status: 503,
    title: 'The service cannot answer now.',
    forDeveloper: 'Repeat the request after the seconds in `Retry-After`, with the same Idempotency-Key if it had one.',
    transient: true,
  },
  'read-model-building': {
    status: 503,
    title: 'What answers this is still being built.',
    forDeveloper: 'It has not seen the whole log yet: repeat the request after the seconds in `Retry-After`.',
    transient: true,
  },
  'read-model-parked': {
    status: 503,
    title: 'What answers this is not complete.',
    forDeveloper:
      'Events of the tenant were set aside because they could not be taken up; `annal projections` shows the operator which. Repeat the request after the seconds in `Retry-After`.',
    transient: true,
  },
  'not-yet-visible': {
    status: 503,
    title: 'The change asked for is not visible yet.',
    forDeveloper:
      'The read model has not reached `Annal-Min-Position`: repeat the request after the seconds in `Retry-After`.',
    transient: true,
  },
} as const satisfies Record<string, ProblemRow>;
