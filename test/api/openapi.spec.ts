import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { openApiDocument } from '../../src/api/openapi/document.js';
import { routes } from '../../src/api/routes.js';

describe('the API description', () => {
  const document = openApiDocument(routes, 'https://id.example.com', '1.2.3');

  it('is a valid OpenAPI 3.1 document', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors).to.equal(undefined);
    expect(valid).to.equal(true);
  });

  it('names every endpoint once', () => {
    const ids = routes.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });
});
