import { expect } from 'chai';
import { rawHttp } from '../support/raw-http.js';
import { expectProblem } from './expect-problem.js';
import { adminToken, people, SampleHost, userToken } from './sample-host.js';

describe('input that is refused', () => {
  const host = new SampleHost();
  before(() => host.start());
  after(() => host.stop());

  const ada = { email: 'ada@example.com' };
  const post = (json: unknown, headers: Record<string, string> = {}) =>
    host.request('POST', people, { token: userToken, json, headers });
  const raw = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json') =>
    host.request('POST', people, { token: userToken, body, headers: { 'content-type': type } });

  it('400 malformed body: not JSON, not UTF-8, too deep, with what could not be stored', async () => {
    const bodies = [
      '',
      '{',
      'null,',
      '{"email":"a\\ud800"}',
      '{"email":"a\\u0000b"}',
      '\ufeff{}',
      '[',
      `${'['.repeat(40)}${']'.repeat(40)}`,
      '{"__proto__":{"email":"x"}}',
      '{"metadata":{"a":{"__proto__":1}}}',
    ];
    for (const body of bodies) await expectProblem(await raw(body), 400, 'malformed-body');
    await expectProblem(await raw(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])), 400, 'malformed-body');
  });

  it('400 malformed body: two members of one name in one object, however they are written', async () => {
    const bodies = [
      '{"email":"ada@example.com","email":"eve@example.com"}',
      '{"email":"ada@example.com","\\u0065mail":"eve@example.com"}',
      '{"email":"ada@example.com", "email" : "ada@example.com"}',
      '{"email":"ada@example.com","metadata":{"a":{"b":1,"b":1}}}',
      '{"email":"ada@example.com","others":[{"":1,"":2}]}',
      '{"email":"a:b\\\\","email":"eve@example.com"}',
    ];
    for (const body of bodies) {
      const { errors } = await expectProblem(await raw(body), 400, 'malformed-body');
      expect(errors).to.deep.equal([
        { pointer: '', code: 'repeated-name', message: 'A member stands twice in one object.' },
      ]);
    }
    // Names that only look alike, or stand in different objects; whether the operation wants them is another question.
    const data = { 'a:b': ':"\\', '"': '\\":', c: [':', { a: 1 }, { a: 1 }], d: { email: '{"a":1,"a":1}' } };
    expect((await post({ ...ada, metadata: data })).status).to.equal(422);
  });

  it('400 unknown field: read-only and misspelt ones, nested ones, and names that every object inherits', async () => {
    const names = [
      'userId',
      'tenantId',
      'roles',
      'constructor',
      'hasOwnProperty',
      'toString',
      'valueOf',
      'isPrototypeOf',
    ];
    for (const name of names) {
      const { errors } = await expectProblem(await post({ ...ada, [name]: 'x' }), 400, 'unknown-field');
      expect(errors).to.deep.equal([
        { pointer: `/${name}`, code: 'unknown', message: 'is not a field of this operation' },
      ]);
    }
    const nested = await expectProblem(
      await post({ ...ada, address: { street: 'a', country: 'de', x: 1 }, others: [{ 'a/b~c': 1 }] }),
      400,
      'unknown-field',
    );
    expect(nested.errors).to.have.length(2);
    expect(JSON.stringify(nested.errors)).to.contain('/address/x').and.to.contain('/others/0/a~1b~0c');
    expect(host.services.effects).to.deep.equal([]);
  });

  it('400 for parameters: unknown, repeated, malformed', async () => {
    await expectProblem(await host.request('GET', '/hello/x?other=1'), 400, 'unknown-field');
    await expectProblem(await host.request('GET', '/hello/x?grade=1&grade=2'), 400, 'repeated-parameter');
    await expectProblem(await host.request('GET', '/hello/x?grade=%zz'), 400, 'malformed-request');
    await expectProblem(await host.request('GET', '/hello/%ff'), 400, 'malformed-request');
    await expectProblem(await host.request('GET', '/hello/a%00b'), 400, 'malformed-request');
  });

  it('400 for fields of the protocol: positions, keys, and cursors of another list', async () => {
    await expectProblem(await post(ada, { 'idempotency-key': 'short' }), 400, 'malformed-request');
    const get = (path: string, headers = {}) => host.request('GET', path, { token: adminToken, headers });
    await expectProblem(await get(people, { 'annal-min-position': 'a b' }), 400, 'malformed-request');
    await expectProblem(await get(`${people}?cursor=forged`), 400, 'invalid-cursor');
  });

  it('406 and 415', async () => {
    const accept = (value: string) => host.request('GET', '/hello/x', { headers: { accept: value } });
    await expectProblem(await accept('application/json'), 406, 'not-acceptable');
    await expectProblem(await accept('text/plain;q=0, */*'), 406, 'not-acceptable');
    expect((await accept('text/*;q=0.1, image/png')).status).to.equal(200);
    for (const type of ['text/plain', 'application/json; charset=utf-16', 'application/jsonx', 'multipart/form-data']) {
      await expectProblem(await raw('{}', type), 415, 'unsupported-media-type');
    }
    await expectProblem(await post(ada, { 'content-encoding': 'gzip' }), 415, 'unsupported-media-type');
    expect((await raw(JSON.stringify(ada), 'Application/JSON; Charset=UTF-8')).status).to.equal(201);
    host.services.effects.length = 0;
  });

  it('413 before the body is read, and while it arrives', async () => {
    await expectProblem(await raw('x'.repeat(70_000)), 413, 'body-too-large');
    const head = `POST ${people} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${userToken}\r\nContent-Type: application/json\r\n`;
    const declared = await rawHttp(host.port, `${head}Content-Length: 900000000\r\n\r\n{`);
    expect(declared.status).to.equal(413);
    const chunk = `${(60_000).toString(16)}\r\n${'x'.repeat(60_000)}\r\n`;
    const chunked = await rawHttp(host.port, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`);
    expect(chunked.status).to.equal(413);
  });

  it('414 and 431 for heads that are too large', async () => {
    await expectProblem(await host.request('GET', `/hello/${'x'.repeat(9_000)}`), 414, 'path-too-long');
    const answer = await rawHttp(host.port, `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect([answer.status, JSON.parse(answer.body).code]).to.deep.equal([431, 'headers-too-large']);
  });

  it('422 with a pointer, a code and a message for every field', async () => {
    const { errors } = await expectProblem(
      await post({
        email: 'no',
        name: 7,
        address: { street: 'x', country: 'deu' },
        others: [
          { street: 'a', country: 'fr' },
          { street: 1, country: 'fr' },
        ],
      }),
      422,
      'invalid-fields',
    );
    expect(errors).to.deep.equal([
      { pointer: '/email', code: 'is-email', message: 'must be an email' },
      { pointer: '/name', code: 'max-length', message: 'must be shorter than or equal to 40 characters' },
      { pointer: '/address/country', code: 'is-length', message: 'must be shorter than or equal to 2 characters' },
      { pointer: '/others/1/street', code: 'max-length', message: 'must be shorter than or equal to 100 characters' },
    ]);
    const shapes = await expectProblem(
      await post({
        email: 'a@b.cd',
        address: [{ street: 'x', country: 'de' }],
        others: { street: 'x', country: 'de' },
      }),
      422,
      'invalid-fields',
    );
    expect(shapes.errors).to.deep.equal([
      { pointer: '/address', code: 'is-object', message: 'must be an object' },
      { pointer: '/others', code: 'is-array', message: 'must be a list' },
    ]);
    for (const body of [[], 7, null, 'x']) await expectProblem(await post(body), 422, 'invalid-fields');
    await expectProblem(await host.request('GET', '/hello/x?grade=10'), 422, 'invalid-fields');
    for (const limit of ['0', '201', '-1', 'x', '1e2', '']) {
      await expectProblem(
        await host.request('GET', `${people}?limit=${limit}`, { token: adminToken }),
        422,
        'invalid-fields',
      );
    }
  });
});
