import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { mountsOf } from '../../src/api/server/mounting.js';
import { openApiDocument } from '../../src/api/openapi/document.js';
import { empty } from '../../src/api/answer/responses.js';
import { route } from '../../src/api/route.js';
import { expectExamplesToFit } from '../support/openapi-examples.js';
import { adminToken, allRoutes, people, SampleHost, userToken } from './sample-host.js';

type Described = Readonly<{ $ref?: string; content?: Readonly<Record<string, Readonly<{ schema: object }>>> }>;
type Operation = Readonly<{
  operationId: string;
  security: readonly object[];
  parameters: readonly Readonly<{ name?: string; $ref?: string }>[];
  responses: Readonly<Record<string, Described>>;
}>;
type Document = Readonly<{
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: Readonly<{
    responses: Readonly<Record<string, Described>>;
    schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  }>;
}>;

describe('the API description', () => {
  const host = new SampleHost();
  let document: Document;
  before(async () => {
    await host.start();
    document = (await (await host.request('GET', '/openapi.json')).json()) as Document;
  });
  after(() => host.stop());

  it('is valid OpenAPI 3.1', async () => {
    const result = await new Validator().validate(document);
    expect(result.errors ?? []).to.deep.equal([]);
    expect(result.valid).to.equal(true);
  });

  it('has every path of every row, with its own security', () => {
    for (const mount of allRoutes.filter(({ undocumented }) => !undocumented).flatMap((row) => mountsOf(row))) {
      const operation = document.paths[mount.path.replace(/:(\w+)/g, '{$1}')]?.[mount.route.method];
      expect(operation, `${mount.route.method} ${mount.path}`).to.be.an('object');
    }
    const list = '/t/{tenant}/api/v1/people';
    expect(document.paths[list]?.['get']?.security).to.deep.equal([{ tenantToken: [] }]);
    expect(document.paths['/api/v1/tenants/{tenant}/people']?.['get']).to.deep.include({
      operationId: 'sampleListPeopleByInstallation',
      security: [{ installationToken: [] }],
    });
    expect(document.paths['/hello/{name}']?.['get']?.security).to.deep.equal([]);
  });

  it('names what follows from the columns: parameters, header fields and problems', () => {
    const { parameters, responses } = document.paths['/t/{tenant}/api/v1/people']?.['post'] as Operation;
    expect(parameters.map(({ name, $ref }) => name ?? $ref)).to.deep.equal([
      'tenant',
      '#/components/parameters/IdempotencyKey',
    ]);
    expect(Object.keys(responses)).to.deep.equal([
      '201',
      '400',
      '401',
      '403',
      '404',
      '406',
      '409',
      '413',
      '415',
      '422',
      '429',
      '500',
      '503',
    ]);
    expect(JSON.stringify(responses['201']))
      .to.contain('Annal-Position')
      .and.to.contain('Location')
      .and.to.contain('RateLimit');
  });

  it('gives every operation, body and answer an example that fits its schema', () => {
    expectExamplesToFit(document);
  });

  it('describes what is really answered', async () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'api');
    const answers: readonly (readonly [string, string, Response])[] = [
      [
        '/t/{tenant}/api/v1/people',
        'post',
        await host.request('POST', people, { token: userToken, json: { email: 'a@b.cd' } }),
      ],
      [
        '/t/{tenant}/api/v1/people',
        'post',
        await host.request('POST', people, { token: userToken, json: { email: 1 } }),
      ],
      ['/t/{tenant}/api/v1/people', 'get', await host.request('GET', `${people}?limit=2`, { token: adminToken })],
      ['/t/{tenant}/api/v1/people', 'get', await host.request('GET', people)],
      ['/health/ready', 'get', await host.request('GET', '/health/ready')],
    ];
    for (const [path, method, answer] of answers) {
      const mediaType = answer.headers.get('content-type')?.split(';')[0] ?? '';
      const own = document.paths[path]?.[method]?.responses[String(answer.status)];
      const shared = own?.$ref?.replace('#/components/responses/', '');
      const response = shared === undefined ? own : document.components.responses[shared];
      const base = own?.$ref ?? `#/paths/${path.replaceAll('/', '~1')}/${method}/responses/${answer.status}`;
      const place = `${base}/content/${mediaType.replaceAll('/', '~1')}/schema`;
      expect(response?.content?.[mediaType]?.schema, place).to.be.an('object');
      const validate = ajv.getSchema(`api${place}`) ?? ajv.compile({ $ref: `api${place}` });
      expect(validate(await answer.json()), JSON.stringify(validate.errors)).to.equal(true);
    }
  });

  it('refuses no field in secret: what is not declared is not accepted', () => {
    const { schemas } = document.components;
    expect(Object.keys(schemas)).to.deep.equal([
      'Health',
      'HealthCheck',
      'SampleAddress',
      'SampleFailure',
      'SampleForm',
      'SamplePerson',
      'SampleView',
      'Problem',
    ]);
    for (const [name, schema] of Object.entries(schemas)) {
      if (name !== 'Problem') expect(schema['additionalProperties'], name).to.equal(false);
    }
    expect(schemas['SamplePerson']?.['required']).to.deep.equal(['email']);
  });

  it('does not come to be where two rows share a name', () => {
    const row = (path: string) =>
      route({
        id: 'twin',
        method: 'get',
        path,
        summary: '',
        tag: 'x',
        access: 'public',
        responses: { 204: empty('') },
        handler: () => async () => ({ status: 204 }),
      });
    expect(() => openApiDocument([row('/a'), row('/b')], 'https://x', '1')).to.throw(TypeError, 'twin');
  });

  it('has a page that loads nothing from elsewhere and runs nothing inline', async () => {
    const page = await host.request('GET', '/docs');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).to.contain("default-src 'none'").and.to.contain("script-src 'self'").and.not.to.contain('unsafe');
    const html = await page.text();
    expect(html).not.to.match(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|https?:/);
    for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const asset = await host.request('GET', path ?? '');
      expect([asset.status, asset.headers.get('x-content-type-options')]).to.deep.equal([200, 'nosniff']);
      expect((await asset.text()).length).to.be.greaterThan(100);
    }
  });
});
