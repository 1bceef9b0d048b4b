import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { openApiDocument } from '../../src/api/openapi/document.js';
import { routes } from '../../src/api/routes.js';
import { expectExamplesToFit } from '../support/openapi-examples.js';

describe('the API description of the product', () => {
  const document = openApiDocument(routes, 'https://id.example.com', '0.1.0');

  it('is valid OpenAPI 3.1', async () => {
    const { errors, valid } = await new Validator().validate({ ...document });
    expect(errors ?? []).to.deep.equal([]);
    expect(valid).to.equal(true);
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
    expect(commands.filter(({ idempotent }) => idempotent !== true).map(({ id }) => id)).to.deep.equal([
      // A repetition would hand out a token again that works once; the moment of grace is for lost answers.
      'refreshTokens',
      // Changes nothing.
      'previewNotificationTemplate',
    ]);
  });
});
