import type { Mount } from '../server/mounting.js';
import { type ProblemCode, problemRow } from '../problems.js';
import type { JsonSchema, ResponseRow } from '../answer/responses.js';
import { type HeaderName, headerRefs, parameterRef } from './components.js';
import type { FailureCollection } from './failures.js';
import { problemsOf } from './implied-problems.js';
import { type SchemaCollection, schemaOf } from './schemas.js';

/** An Operation Object (OpenAPI 3.1.1 section 4.8.10) for one path of a row. */
export function operationOf<Services>(
  mount: Mount<Services>,
  schemas: SchemaCollection,
  failures: FailureCollection,
): JsonSchema {
  const { route } = mount;
  return {
    operationId: mount.installation ? `${route.id}ByInstallation` : route.id,
    summary: route.summary,
    ...(description(mount) === '' ? {} : { description: description(mount) }),
    tags: [route.tag],
    security:
      route.access === 'public' ? [] : [{ [mount.issuer === 'path' ? 'tenantToken' : 'installationToken']: [] }],
    parameters: [...pathParameters(mount.path), ...queryParameters(mount), ...fieldParameters(mount)],
    ...(route.body === undefined ? {} : { requestBody: requestBody(mount, schemas) }),
    responses: { ...successes(mount, schemas), ...failuresOf(mount, failures) },
  };
}

const description = <Services>({ route }: Mount<Services>): string =>
  [route.description, route.permission && `Requires the permission \`${route.permission}\`.`].filter(Boolean).join(' ');

const pathParameters = (path: string): readonly JsonSchema[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    ...(name === 'tenant' ? { description: 'Slug of the tenant.' } : {}),
    schema: { type: 'string' },
  }));

function queryParameters<Services>({ route }: Mount<Services>): readonly JsonSchema[] {
  const paging = route.paged ? [parameterRef('Limit'), parameterRef('Cursor')] : [];
  if (route.query === undefined) return paging;
  const { properties = {}, required = [] } = schemaOf(route.query) as Readonly<{
    properties?: Readonly<Record<string, unknown>>;
    required?: readonly string[];
  }>;
  const own = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
  return [...own, ...paging];
}

function fieldParameters<Services>({ route }: Mount<Services>): readonly JsonSchema[] {
  return [
    ...(route.idempotent ? [parameterRef('IdempotencyKey')] : []),
    ...(route.ifMatch === 'optional' ? [parameterRef('IfMatch')] : []),
    ...(route.ifMatch === 'required' ? [parameterRef('IfMatchRequired')] : []),
    ...(route.reads === undefined ? [] : [parameterRef('MinPosition')]),
  ];
}

function requestBody<Services>(
  { route: { body } }: Mount<Services>,
  schemas: SchemaCollection,
): JsonSchema | undefined {
  if (body === undefined) return undefined;
  return {
    required: true,
    description: `At most ${body.maxBytes} bytes.`,
    content: { [body.mediaType]: { schema: schemas.add(body.type), example: body.example } },
  };
}

function successes<Services>(mount: Mount<Services>, schemas: SchemaCollection): JsonSchema {
  const { route } = mount;
  const common: readonly HeaderName[] = [
    'X-Request-Id',
    ...(route.rateLimit === 'none' ? [] : (['RateLimit', 'RateLimit-Policy'] as const)),
    ...(route.method === 'get' ? [] : (['Annal-Position'] as const)),
  ];
  const rows = Object.entries(route.responses).map(([status, row]) => {
    const fields: readonly HeaderName[] = [
      ...common,
      ...(status === '201' ? (['Location'] as const) : []),
      ...ownFields[row.kind],
    ];
    return [status, { description: row.description, headers: headerRefs(...fields), ...contentOf(row, schemas) }];
  });
  return Object.fromEntries(rows) as JsonSchema;
}

const ownFields: Readonly<Record<ResponseRow['kind'], readonly HeaderName[]>> = {
  json: ['ETag'],
  page: ['Link'],
  empty: ['ETag'],
  text: [],
  stream: [],
};

function contentOf(row: ResponseRow, schemas: SchemaCollection): JsonSchema {
  if (row.kind === 'empty') return {};
  if (row.kind === 'text' || row.kind === 'stream') {
    const mediaType = row.mediaType.split(';')[0] ?? row.mediaType;
    return { content: { [mediaType]: { schema: { type: 'string' }, example: row.example } } };
  }
  const own = typeof row.schema === 'function' ? schemas.add(row.schema) : row.schema;
  const body =
    row.kind === 'page' ? { schema: pageSchema(own), example: { items: [row.example], next: null } } : undefined;
  const other = row.kind === 'json' ? row.alternative : undefined;
  const alternative = other && { [other.mediaType]: { schema: { type: 'string' }, example: other.example } };
  return { content: { 'application/json': body ?? { schema: own, example: row.example }, ...alternative } };
}

const pageSchema = (item: JsonSchema): JsonSchema => ({
  type: 'object',
  required: ['items', 'next'],
  properties: {
    items: { type: 'array', items: item },
    next: { type: ['string', 'null'], format: 'uri', description: 'The following page.' },
  },
  additionalProperties: false,
});

function failuresOf<Services>(mount: Mount<Services>, failures: FailureCollection): JsonSchema {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(mount)) {
    const { status } = problemRow(code);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, codes]) => [String(status), failures.add(status, codes)]));
}
