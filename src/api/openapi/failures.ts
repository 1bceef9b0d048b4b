import { type ProblemCode, problemRow } from '../problems.js';
import type { JsonSchema } from '../answer/responses.js';
import { type HeaderName, headerRefs } from './components.js';
import { schemaRef } from './schemas.js';

/** Fields that come with a status. */
const fieldsOf: Readonly<Partial<Record<number, readonly HeaderName[]>>> = {
  401: ['WWW-Authenticate'],
  405: ['Allow'],
  429: ['Retry-After', 'RateLimit', 'RateLimit-Policy'],
  503: ['Retry-After'],
};

/** The failures of all operations: most are those of many others too, and stand in the document once. */
export class FailureCollection {
  private readonly names = new Map<string, string>();
  private readonly found: Record<string, JsonSchema> = {};

  /** Refers to the answer of this status with one of these problems. */
  add(status: number, codes: readonly ProblemCode[]): JsonSchema {
    const key = `${status} ${codes.join(' ')}`;
    const name = this.names.get(key) ?? this.newName(status);
    if (!this.names.has(key)) {
      this.names.set(key, name);
      this.found[name] = failure(status, codes);
    }
    return { $ref: `#/components/responses/${name}` };
  }

  all(): Readonly<Record<string, JsonSchema>> {
    return this.found;
  }

  private newName(status: number): string {
    const first = `Failure${status}`;
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? first : `${first}.${number}`;
      if (!Object.hasOwn(this.found, name)) return name;
    }
  }
}

const failure = (status: number, codes: readonly ProblemCode[]): JsonSchema => ({
  description: codes.map((code) => `\`${code}\`: ${problemRow(code).title}`).join('\n\n'),
  headers: headerRefs('X-Request-Id', ...(fieldsOf[status] ?? [])),
  content: {
    'application/problem+json': {
      schema: schemaRef('Problem'),
      examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
    },
  },
});
