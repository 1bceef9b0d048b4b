import { expect } from 'chai';
import { adminToken, people, SampleHost, systemToken, userToken } from './sample-host.js';

describe('a table of routes over HTTP', () => {
  const host = new SampleHost();
  before(() => host.start());
  after(() => host.stop());

  it('hands a handler its checked path, query and body', async () => {
    const greeting = await host.request('GET', '/hello/Ada%20L?grade=3');
    expect(await greeting.text()).to.equal('hello Ada L 3');

    const form = await host.request('POST', '/t/acme/form', {
      body: 'token=a%2Bb+c',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(await form.json()).to.deep.equal({ id: 'a+b c', email: 'x@y.z' });
  });

  it('turns the parts of an answer into header fields, with links on the configured origin', async () => {
    const answer = await host.request('POST', people, { token: userToken, json: { email: 'ada@example.com' } });
    expect(answer.status).to.equal(201);
    expect(Object.fromEntries(answer.headers)).to.include({
      etag: '"0"',
      'annal-position': 'e1.7',
      location: 'https://id.example.com/t/x/api/v1/people/p1',
      'content-type': 'application/json',
      'cache-control': 'no-store',
    });
  });

  it('serves a tenant-admin row on both of its paths, each with tokens of its own tenant', async () => {
    const statuses = await Promise.all([
      host.request('GET', people, { token: adminToken }),
      host.request('GET', people, { token: userToken }),
      host.request('GET', people, { token: systemToken }),
      host.request('GET', '/t/other/api/v1/people', { token: adminToken }),
      host.request('GET', '/api/v1/tenants/acme/people', { token: systemToken }),
      host.request('GET', '/api/v1/tenants/acme/people', { token: adminToken }),
      host.request('GET', '/api/v1/tenants/asleep/people', { token: systemToken }),
    ]);
    expect(statuses.map(({ status }) => status)).to.deep.equal([200, 403, 401, 401, 200, 401, 200]);
  });

  it('streams', async () => {
    const answer = await host.request('GET', '/api/v1/stream', { token: systemToken });
    expect(answer.headers.get('content-type')).to.equal('application/x-ndjson');
    expect(await answer.text()).to.equal('{"n":1}\n{"n":2}\n');
  });

  it('pages through a list by its next links', async () => {
    const seen: string[] = [];
    let next: string | null = `https://id.example.com${people}?limit=2&name=a`;
    while (next !== null) {
      const answer = await host.request('GET', next.replace('https://id.example.com', ''), { token: adminToken });
      const body = (await answer.json()) as { items: { id: string }[]; next: string | null };
      expect(answer.headers.get('link')).to.equal(body.next === null ? null : `<${body.next}>; rel="next"`);
      seen.push(...body.items.map(({ id }) => id));
      next = body.next;
    }
    expect(seen).to.deep.equal(['p0', 'p1', 'p2', 'p3', 'p4']);
  });

  it('answers what the class of the answer declares, whatever else a row of the database holds', async () => {
    const answer = await host.request('GET', people, { token: adminToken });
    expect(((await answer.json()) as { items: object[] }).items[0]).to.deep.equal({ id: 'p0', email: 'x@y.z' });
  });

  it('answers HEAD as GET without a body, and OPTIONS with the methods', async () => {
    const head = await host.request('HEAD', '/hello/x');
    expect([head.status, head.headers.get('content-length'), await head.text()]).to.deep.equal([200, '9', '']);
    const options = await host.request('OPTIONS', people);
    expect([options.status, options.headers.get('allow')]).to.deep.equal([204, 'POST, GET, HEAD, OPTIONS']);
  });
});
