import { expect } from 'chai';
import type { TenantId } from '../../src/domain/values.js';
import { KeyMissing } from '../../src/application/ports/vault.js';
import { CommandRejected } from '../../src/application/command-rejected.js';
import {
  LogUnavailable,
  type Position,
  RevisionConflict,
  type StreamName,
} from '../../src/application/ports/event-log.js';
import { problemCodes, problemRow } from '../../src/api/problems.js';
import { expectProblem } from './expect-problem.js';
import { adminToken, people, SampleHost, userToken } from './sample-host.js';

describe('problems', () => {
  const host = new SampleHost();
  before(() => host.start());
  after(() => host.stop());
  afterEach(() => {
    host.services.before = async () => undefined;
    host.freshness.visibility = 'visible';
    host.readModels.now = 'serving';
    host.rateLimits.left.clear();
  });

  const ada = { email: 'ada@example.com' };
  const post = (json: unknown, headers: Record<string, string> = {}) =>
    host.request('POST', people, { token: userToken, json, headers });

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
    await expectProblem(
      await host.request('GET', '/t/asleep/api/v1/people', { token: 'asleep:a:admin' }),
      403,
      'tenant-suspended',
    );
  });

  it('404 for paths, tenants and empty segments; 405 with the methods', async () => {
    for (const path of [
      '/',
      '/nothing',
      '/t/nobody/api/v1/people',
      '/t/__proto__/api/v1/people',
      '/hello/',
      '/hello//x',
      '/t/acme/api/v1/people/',
    ]) {
      await expectProblem(await host.request('GET', path, { token: adminToken }), 404, 'not-found');
    }
    const answer = await host.request('DELETE', people, { token: adminToken });
    await expectProblem(answer, 405, 'method-not-allowed');
    expect(answer.headers.get('allow')).to.equal('POST, GET, HEAD, OPTIONS');
  });

  it('409, 410, 503 from the inner layers, with positions and waiting times', async () => {
    const stream = 'user-x_1' as StreamName;
    const cases: readonly (readonly [Error, number, string])[] = [
      [new RevisionConflict(stream), 409, 'conflict'],
      [new KeyMissing({ tenant: 't' as TenantId, scope: 'person', id: 'erased meanwhile' }), 409, 'conflict'],
      [new KeyMissing({ tenant: 't' as TenantId, scope: 'tenant', id: 'lost' }), 500, 'internal'],
      [new CommandRejected('user-erased', { position: 'e1.9' as Position }), 410, 'user-erased'],
      [
        new CommandRejected('identifier-taken', {
          fields: [{ pointer: '/email', code: 'taken', message: 'is taken' }],
        }),
        409,
        'identifier-taken',
      ],
      [new CommandRejected('wrong-password', { retryAfterSeconds: 7 }), 403, 'wrong-password'],
      [new LogUnavailable('down'), 503, 'unavailable'],
      [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 503, 'unavailable'],
      [Object.assign(new Error('connect'), { code: 'ENOENT', syscall: 'connect' }), 503, 'unavailable'],
      [Object.assign(new Error('open'), { code: 'ENOENT', syscall: 'open' }), 500, 'internal'],
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
      host.request('PATCH', `${people}/p1`, {
        token: userToken,
        body: '{"email":"a@b.cd"}',
        headers: { 'content-type': 'application/merge-patch+json', ...headers },
      });
    await expectProblem(await patch({}), 428, 'revision-required');
    for (const tag of ['"2"', 'W/"3"', '3', '"03"', '"x"', '"3", "4"'])
      await expectProblem(await patch({ 'if-match': tag }), 412, 'revision-mismatch');
    const changed = await patch({ 'if-match': '"3"' });
    expect([changed.status, changed.headers.get('etag')]).to.deep.equal([204, '"4"']);
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
    const line = host.log.lines.find(
      ({ event, fields }) => event === 'request-failed' && fields['id'] === body.instance,
    );
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

  it('503 while what answers a query is being built or has something set aside', async () => {
    const get = () => host.request('GET', people, { token: adminToken });
    expect((await get()).status).to.equal(200);
    expect(host.readModels.asked.at(-1)).to.deep.equal(['people', '0199a000-0000-7000-8000-00000000000a']);
    for (const [standing, code, seconds] of [
      ['building', 'read-model-building', '5'],
      ['parked', 'read-model-parked', '60'],
    ] as const) {
      host.readModels.now = standing;
      const answer = await get();
      await expectProblem(answer, 503, code);
      expect(answer.headers.get('retry-after')).to.equal(seconds);
    }
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
