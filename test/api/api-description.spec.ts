import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { problemsOf } from '../../src/api/openapi/implied-problems.js';
import { problemRow } from '../../src/api/problems.js';
import { mountsOf } from '../../src/api/server/mounting.js';
import { openApiDocument } from '../../src/api/openapi/document.js';
import { routes } from '../../src/api/routes.js';
import { expectExamplesToFit } from '../support/openapi-examples.js';

type Operation = Readonly<{ responses: Readonly<Record<string, Readonly<{ $ref?: string }>>> }>;
type Failure = Readonly<{ content: Readonly<{ 'application/problem+json': Readonly<{ examples: object }> }> }>;
type Described = Readonly<{
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: Readonly<{ responses: Readonly<Record<string, Failure>> }>;
}>;

describe('the API description of the product', () => {
  const document = openApiDocument(routes, 'https://id.example.com', '0.1.0');

  it('is valid OpenAPI 3.1', async () => {
    const { errors, valid } = await new Validator().validate({ ...document });
    expect(errors ?? []).to.deep.equal([]);
    expect(valid).to.equal(true);
  });

  it('has every failure of every operation, said once for all that share it', () => {
    const { paths, components } = document as unknown as Described;
    const used = new Set<string>();
    for (const mount of routes.filter(({ undocumented }) => !undocumented).flatMap((row) => mountsOf(row))) {
      const { responses } = paths[mount.path.replace(/:(\w+)/g, '{$1}')]?.[mount.route.method] as Operation;
      const told = Object.entries(responses).flatMap(([status, { $ref = '' }]) => {
        const name = $ref.replace('#/components/responses/', '');
        if (name === '') return [];
        used.add(name);
        const examples = components.responses[name]?.content['application/problem+json'].examples ?? {};
        return Object.keys(examples).map((code) => [status, code]);
      });
      const expected = problemsOf(mount).map((code) => [String(problemRow(code).status), code]);
      expect(told, `${mount.route.method} ${mount.path}`).to.have.deep.members(expected);
    }
    expect([...used].sort()).to.deep.equal(Object.keys(components.responses).sort());
    const texts = Object.values(components.responses).map((response) => JSON.stringify(response));
    expect(new Set(texts).size).to.equal(texts.length);
    expect(JSON.stringify(document).length, 'bytes').to.be.below(500_000);
  });

  it('names every endpoint once', () => {
    const ids = routes.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('gives every operation, body and answer an example that fits its schema', () => {
    expectExamplesToFit(document);
  });

  it('lets every command that is not idempotent by itself take an Idempotency-Key', () => {
    // What stands outside every tenant has no scope for a key.
    const commands = routes.filter(
      ({ method, path, access }) =>
        method === 'post' && path.includes('/api/v1/') && (path.startsWith('/t/') || access !== 'public'),
    );
    expect(commands.filter(({ idempotent }) => idempotent === undefined).map(({ id }) => id)).to.deep.equal([
      // A repetition would hand out a token again that works once; the moment of grace is for lost answers.
      'refreshTokens',
      // Changes nothing.
      'previewNotificationTemplate',
      'dryRunTokenPolicy',
      'validateToken',
    ]);
  });
});
