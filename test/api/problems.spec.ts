import { expect } from 'chai';
import { CommandRejected } from '../../src/application/command-rejected.js';
import { LogUnavailable, type Position, RevisionConflict, type StreamName } from '../../src/application/ports/event-log.js';
import { problemCodes, problemRow } from '../../src/api/problems.js';
import { rawHttp } from '../support/raw-http.js';
import { adminToken, people, SampleHost, userToken } from './sample-host.js';

type Body = Readonly<{ type: string; status: number; code: string; instance: string; errors?: readonly unknown[] }>;

describe('problems', () => {
  const host = new SampleHost();
  before(() => host.start());
  after(() => host.stop());
  afterEach(() => {
    host.services.before = async () => undefined;
    host.freshness.visibility = 'visible';
    host.rateLimits.left.clear();
  });

  /** Asserts the whole shape of a problem and returns it. */
  async function expectProblem(answer: Response, status: number, code: string): Promise<Body> {
    const body = (await answer.json()) as Body;
    expect({ status: answer.status, code: body.code, inBody: body.status }).to.deep.equal({ status, code, inBody: status });
    expect(answer.headers.get('content-type')).to.equal('application/problem+json');
    expect(body.type).to.equal(`https://id.example.com/problems/${code}`);
    expect(body.instance).to.equal(answer.headers.get('x-request-id'));
    return body;
  }

  const ada = { email: 'ada@example.com' };
  const post = (json: unknown, headers: Record<string, string> = {}) =>
    host.request('POST', people, { token: userToken, json, headers });
  const raw = (body: string | Uint8Array, type = 'application/json') =>
    host.request('POST', people, { token: userToken, body, headers: { 'content-type': type } });

  it('400 malformed body: not JSON, not UTF-8, too deep, with what could not be stored', async () => {
    const bodies = ['', '{', 'null,', '{"email":"a\\ud800"}', '{"email":"a\\u0000b"}', '\ufeff{}', '[',
      `${'['.repeat(40)}${']'.repeat(40)}`, '{"__proto__":{"email":"x"}}', '{"metadata":{"a":{"__proto__":1}}}'];
    for (const body of bodies) await expectProblem(await raw(body), 400, 'malformed-body');
    await expectProblem(await raw(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])), 400, 'malformed-body');
  });

  it('400 unknown field: read-only and misspelt ones, nested ones, and names that every object inherits', async () => {
    const names = ['userId', 'tenantId', 'roles', 'constructor', 'hasOwnProperty', 'toString', 'valueOf', 'isPrototypeOf'];
    for (const name of names) {
      const { errors } = await expectProblem(await post({ ...ada, [name]: 'x' }), 400, 'unknown-field');
      expect(errors).to.deep.equal([{ pointer: `/${name}`, code: 'unknown', message: 'is not a field of this operation' }]);
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

  it('401 with a challenge: none given, and one that is not valid here', async () => {
    const missing = await host.request('GET', people);
    await expectProblem(missing, 401, 'unauthenticated');
    expect(missing.headers.get('www-authenticate')).to.equal('Bearer realm="acme"');
    const foreign = await host.request('GET', people, { token: 'other:ada:admin' });
    await expectProblem(foreign, 401, 'invalid-token');
    expect(foreign.headers.get('www-authenticate')).to.equal('Bearer realm="acme", error="invalid_token"');
  });

  it('403, also for a suspended tenant', async () => {
    await expectProblem(await host.request('GET', people, { token: userToken }), 403, 'forbidden');
    await expectProblem(await host.request('GET', '/t/asleep/api/v1/people', { token: 'asleep:a:admin' }), 403, 'tenant-suspended');
  });

  it('404 for paths, tenants and empty segments; 405 with the methods', async () => {
    for (const path of ['/', '/nothing', '/t/nobody/api/v1/people', '/t/__proto__/api/v1/people', '/hello/', '/hello//x', '/t/acme/api/v1/people/']) {
      await expectProblem(await host.request('GET', path, { token: adminToken }), 404, 'not-found');
    }
    const answer = await host.request('DELETE', people, { token: adminToken });
    await expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.get('allow')).to.equal('POST, GET, HEAD, OPTIONS');
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

  it('409, 410, 503 from the inner layers, with positions and waiting times', async () => {
    const stream = 'user-x_1' as StreamName;
    const cases: readonly (readonly [Error, number, string])[] = [
      [new RevisionConflict(stream), 409, 'conflict'],
      [new CommandRejected('user-erased', { position: 'e1.9' as Position }), 410, 'user-erased'],
      [new CommandRejected('identifier-taken', { fields: [{ pointer: '/email', code: 'taken', message: 'is taken' }] }), 409, 'identifier-taken'],
      [new CommandRejected('wrong-password', { retryAfterSeconds: 7 }), 403, 'wrong-password'],
      [new LogUnavailable('down'), 503, 'unavailable'],
      [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 503, 'unavailable'],
      [Object.assign(new Error('sorry, too many clients already'), { code: '53300' }), 503, 'unavailable'],
      [new CommandRejected('a rejection nobody knows'), 500, 'internal'],
    ];
    for (const [error, status, code] of cases) {
      host.services.before = () => Promise.reject(error);
      const answer = await post(ada);
      const body = await expectProblem(answer, status, code);
      if (code === 'user-erased') expect(answer.headers.get('annal-position')).to.equal('e1.9');
      if (code === 'wrong-password') expect(answer.headers.get('retry-after')).to.equal('7');
      if (code === 'identifier-taken') expect(body.errors).to.have.length(1);
      if (status === 503) expect(Number(answer.headers.get('retry-after'))).to.be.greaterThan(0);
    }
  });

  it('412 and 428 for changes', async () => {
    const patch = (headers: Record<string, string>) =>
      host.request('PATCH', `${people}/p1`, { token: userToken, body: '{"email":"a@b.cd"}', headers: { 'content-type': 'application/merge-patch+json', ...headers } });
    await expectProblem(await patch({}), 428, 'revision-required');
    for (const tag of ['"2"', 'W/"3"', '3', '"03"', '"x"', '"3", "4"']) await expectProblem(await patch({ 'if-match': tag }), 412, 'revision-mismatch');
    const changed = await patch({ 'if-match': '"3"' });
    expect([changed.status, changed.headers.get('etag')]).to.deep.equal([204, '"4"']);
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
      await post({ email: 'no', name: 7, address: { street: 'x', country: 'deu' }, others: [{ street: 'a', country: 'fr' }, { street: 1, country: 'fr' }] }),
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
      await post({ email: 'a@b.cd', address: [{ street: 'x', country: 'de' }], others: { street: 'x', country: 'de' } }),
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
      await expectProblem(await host.request('GET', `${people}?limit=${limit}`, { token: adminToken }), 422, 'invalid-fields');
    }
  });

  it('429 with what is left of the budget, per caller and tenant', async () => {
    host.rateLimits.left.set('default', 1);
    const last = await host.request('GET', people, { token: adminToken });
    expect([last.status, last.headers.get('ratelimit'), last.headers.get('ratelimit-policy')]).to.deep.equal([
      200,
      '"default";r=0;t=7',
      '"default";q=10;w=60',
    ]);
    const answer = await host.request('GET', people, { token: adminToken });
    await expectProblem(answer, 429, 'too-many-requests');
    expect(answer.headers.get('retry-after')).to.equal('7');
    expect(host.rateLimits.keys.at(-1)).to.equal('0199a000-0000-7000-8000-00000000000a|127.0.0.1');
  });

  it('500 says nothing but the id under which the log has the cause', async () => {
    const answer = await host.request('POST', '/t/acme/api/v1/failures', { json: { how: 'bug' } });
    const body = await expectProblem(answer, 500, 'internal');
    expect(JSON.stringify(body)).not.to.contain('secret cause');
    const line = host.log.lines.find(({ event, fields }) => event === 'request-failed' && fields['id'] === body.instance);
    expect(String(line?.error)).to.contain('the secret cause');
  });

  it('503 and 409 where a query cannot show what its caller has seen', async () => {
    const get = () => host.request('GET', people, { token: adminToken, headers: { 'annal-min-position': 'e1.7' } });
    expect((await get()).status).to.equal(200);
    expect(host.freshness.waits.at(-1)).to.deep.equal(['e1.7', ['people']]);
    host.freshness.visibility = 'not-yet';
    const early = await get();
    await expectProblem(early, 503, 'not-yet-visible');
    expect(early.headers.get('retry-after')).to.equal('1');
    host.freshness.visibility = 'foreign-epoch';
    await expectProblem(await get(), 409, 'foreign-epoch');
  });

  it('has a page for every problem', async () => {
    const list = await (await host.request('GET', '/problems')).text();
    for (const code of problemCodes) {
      expect(list).to.contain(`/problems/${code}`);
      const answer = await host.request('GET', `/problems/${code}`);
      expect(answer.status).to.equal(200);
      expect(await answer.text()).to.contain(`status ${problemRow(code).status}`);
    }
    await expectProblem(await host.request('GET', '/problems/toString'), 404, 'not-found');
  });
});
