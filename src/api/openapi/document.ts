import { mountsOf } from '../server/mounting.js';
import { problemCodes } from '../problems.js';
import { Problem } from '../problems/problem.js';
import { renderProblem } from '../answer/rendering.js';
import type { JsonSchema } from '../answer/responses.js';
import type { Route } from '../route.js';
import { headers, parameters, problemSchema, securitySchemes } from './components.js';
import { FailureCollection } from './failures.js';
import { operationOf } from './operation.js';
import { SchemaCollection } from './schemas.js';

const introduction = `Commands and queries of an event-sourced identity service. A command answers with \`Annal-Position\`; a query that is given
it as \`Annal-Min-Position\` shows what the command did. Failures are RFC 9457 problems, listed under \`/problems\`.`;

/** The OpenAPI 3.1 description of the table of routes. @throws TypeError where two rows or classes share a name */
export function openApiDocument<Services>(
  routes: readonly Route<Services>[],
  origin: string,
  version: string,
): JsonSchema {
  const schemas = new SchemaCollection();
  const failures = new FailureCollection();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  const documented = routes.filter(({ undocumented }) => undocumented !== true);
  refuseTwins(routes.map(({ id }) => id));
  for (const mount of documented.flatMap((route) => mountsOf(route))) {
    const path = mount.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [mount.route.method]: operationOf(mount, schemas, failures) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Annal',
      version,
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: origin }],
    tags: [...new Set(documented.map(({ tag }) => tag))].sort().map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...schemas.all(), Problem: problemSchema },
      responses: failures.all(),
      examples: problemExamples(origin),
      headers,
      parameters,
      securitySchemes,
    },
  };
}

function problemExamples(origin: string): JsonSchema {
  return Object.fromEntries(
    problemCodes.map((code) => {
      const { body } = renderProblem(new Problem(code), origin, '0199b1c2-7d1e-7000-8000-3f2a1b0c9d8e');
      return [code, { value: JSON.parse(body as string) as unknown }];
    }),
  );
}

function refuseTwins(ids: readonly string[]): void {
  const twin = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twin !== undefined) throw new TypeError(`two rows are called ${twin}`);
}
