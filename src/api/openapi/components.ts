import type { JsonSchema } from '../answer/responses.js';

type Documented = Readonly<{ description: string; schema: JsonSchema }>;

/** Header fields of answers. */
export const headers = {
  'X-Request-Id': {
    description:
      'Names this exchange in the log: `X-Request-Id` or the trace id of the request where well-formed, else a fresh id.',
    schema: { type: 'string' },
  },
  'Annal-Position': {
    description:
      'Where the events of this command stand in the log. Opaque; send it as `Annal-Min-Position` to read what was written.',
    schema: { type: 'string' },
  },
  ETag: {
    description: 'Revision of what was answered or changed, for `If-Match`.',
    schema: { type: 'string', examples: ['"3"'] },
  },
  Location: { description: 'Where the new resource is.', schema: { type: 'string', format: 'uri' } },
  Link: { description: 'The following page, as `rel="next"`.', schema: { type: 'string' } },
  RateLimit: {
    description: 'What is left: `r` requests for the next `t` seconds (draft-ietf-httpapi-ratelimit-headers).',
    schema: { type: 'string', examples: ['"default";r=1199;t=60'] },
  },
  'RateLimit-Policy': {
    description: 'The budget: `q` requests in a window of `w` seconds.',
    schema: { type: 'string', examples: ['"default";q=1200;w=60'] },
  },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
  'WWW-Authenticate': { description: 'The credentials asked for (RFC 6750).', schema: { type: 'string' } },
  Allow: { description: 'The methods the resource knows.', schema: { type: 'string' } },
} as const satisfies Record<string, Documented>;

export type HeaderName = keyof typeof headers;

export const headerRefs = (...names: readonly HeaderName[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Parameters that rows get from their columns. */
export const parameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'A fresh key of 16 to 128 characters per intended change. The same request with the same key is carried out once and answered the same for 24 hours.',
    schema: { type: 'string', minLength: 16, maxLength: 130, examples: ['8e03978e-40d5-43dd-bc93-6894a57f9324'] },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    description: 'The `ETag` of the state that the change builds on, or `*`.',
    schema: { type: 'string', examples: ['"3"'] },
  },
  IfMatchRequired: {
    name: 'If-Match',
    in: 'header',
    required: true,
    description: 'The `ETag` of the state that the change builds on, or `*`.',
    schema: { type: 'string', examples: ['"3"'] },
  },
  MinPosition: {
    name: 'Annal-Min-Position',
    in: 'header',
    required: false,
    description: 'An `Annal-Position`: the answer includes everything up to there, or is 503 with `Retry-After`.',
    schema: { type: 'string' },
  },
  Limit: {
    name: 'limit',
    in: 'query',
    required: false,
    description: 'Items per page.',
    schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  },
  Cursor: {
    name: 'cursor',
    in: 'query',
    required: false,
    description: 'From `next` of the page before. Opaque, and only valid for the same list with the same parameters.',
    schema: { type: 'string', maxLength: 2_048 },
  },
} as const;

export const parameterRef = (name: keyof typeof parameters): JsonSchema => ({
  $ref: `#/components/parameters/${name}`,
});

export const securitySchemes = {
  tenantToken: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An access token issued by the tenant that the path names. DPoP-bound tokens use the scheme `DPoP` (RFC 9449).',
  },
  installationToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token of an installation administrator, issued by the tenant `system`.',
  },
} as const;

export const problemSchema: JsonSchema = {
  type: 'object',
  description:
    'RFC 9457. `code` is stable and meant for programs, `title` for people, `detail` for the developer of the caller.',
  required: ['type', 'title', 'status', 'code', 'instance'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'The request id.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'message'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer into the body, or `?name` for a query parameter.' },
          code: { type: 'string' },
          message: { type: 'string' },
        },
      },
    },
  },
};
