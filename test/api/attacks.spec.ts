import { expect } from 'chai';
import { type RawAnswer, rawHttp } from '../support/raw-http.js';
import { adminToken, allRoutes, people, SampleHost, userToken } from './sample-host.js';

/** A connection that is cut while the request still comes is a refusal too; whether its 431 arrives is a race. */
const refused = ({ status }: RawAnswer): number => (status === 0 ? 431 : status);

describe('attacks on the HTTP ground', () => {
  const host = new SampleHost();
  const proxied = new SampleHost(undefined, undefined, { trustedProxies: ['127.0.0.1', '10.0.0.0/8'] });
  before(() => Promise.all([host.start(), proxied.start()]));
  after(() => Promise.all([host.stop(), proxied.stop()]));

  const create = (headers: Record<string, string>) =>
    host.request('POST', people, { token: userToken, json: { email: 'ada@example.com' }, headers });

  it('VC-18: an attacker names another host in every forwarding field; every link keeps the configured origin', async () => {
    const evil = 'evil.example';
    const fields = [
      'X-Forwarded-Host',
      'X-Forwarded-Server',
      'X-Forwarded-Proto',
      'X-Forwarded-Prefix',
      'X-Original-URL',
      'X-Rewrite-URL',
      'X-Host',
      'X-HTTP-Host-Override',
      'X_Forwarded_Host',
      'Forwarded',
    ];
    for (const target of [host, proxied]) {
      for (const field of fields) {
        const value = field === 'Forwarded' ? `host=${evil};proto=http` : evil;
        const request = `GET ${people}?limit=1 HTTP/1.1\r\nHost: ${evil}\r\n${field}: ${value}\r\n${field}: ${value}\r\nAuthorization: Bearer ${adminToken}\r\nConnection: close\r\n\r\n`;
        const answer = await rawHttp(target.port, request);
        expect(answer.status, field).to.equal(200);
        expect(answer.head + answer.body).not.to.contain(evil);
        expect(answer.head).to.contain(`<https://id.example.com${people}?limit=1&cursor=`);
      }
    }
    const failed = await create({ 'x-forwarded-host': evil, 'if-match': 'x', 'idempotency-key': 'x' });
    expect(await failed.text())
      .to.contain('https://id.example.com/problems/')
      .and.not.to.contain(evil);
  });

  it('VC-18: an attacker claims another address; only listed peers are believed, from the right', async () => {
    const keyOf = async (target: SampleHost, forwardedFor: string): Promise<string | undefined> => {
      await target.request('GET', '/hello/x', {
        headers: { 'x-forwarded-for': forwardedFor, 'x-real-ip': '6.6.6.6', forwarded: 'for=6.6.6.6' },
      });
      return target.rateLimits.keys.at(-1)?.split('|')[1];
    };
    expect(await keyOf(host, '203.0.113.9')).to.equal('127.0.0.1');
    expect(await keyOf(proxied, '203.0.113.9')).to.equal('203.0.113.9');
    expect(await keyOf(proxied, '6.6.6.6, 203.0.113.9')).to.equal('203.0.113.9');
    expect(await keyOf(proxied, '6.6.6.6, 203.0.113.9, 10.1.2.3')).to.equal('203.0.113.9');
    expect(await keyOf(proxied, '6.6.6.6, no address')).to.equal('127.0.0.1');
    expect(await keyOf(proxied, '::ffff:203.0.113.9')).to.equal('203.0.113.9');
    expect(await keyOf(proxied, '2001:db8:1:2:3::9')).to.equal('2001:db8:1:2');
    expect(await keyOf(proxied, '2001:db8:1:2::')).to.equal('2001:db8:1:2');
  });

  it('an attacker sends a field twice, hoping that two servers believe different ones; the request is refused', async () => {
    for (const field of [
      'Authorization: Bearer acme:eve:admin',
      'Host: y',
      'Content-Type: text/plain',
      'If-Match: "1"',
    ]) {
      const twice = `${field}\r\n`.repeat(2);
      const answer = await rawHttp(host.port, `GET /hello/x HTTP/1.1\r\nHost: x\r\n${twice}Connection: close\r\n\r\n`);
      expect(answer.status, field).to.equal(400);
    }
  });

  it('an attacker smuggles, splits and garbles; the parser refuses, in the form of a problem', async () => {
    const head = 'POST /t/acme/form HTTP/1.1\r\nHost: x\r\n';
    const requests = [
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`,
      `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
      `${head}X: a\r\n b\r\nBad Name: x\r\n\r\n`,
      'GET /a\u0000b HTTP/1.1\r\nHost: x\r\n\r\n',
      'nonsense\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'GET http://evil.example/hello/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'GET /hello/x HTTP/1.1\r\nConnection: close\r\n\r\n',
    ];
    for (const request of requests) {
      const answer = await rawHttp(host.port, request);
      expect(answer.status, JSON.stringify(request)).to.equal(400);
      expect(JSON.parse(answer.body).code).to.equal('malformed-request');
      expect(answer.head).to.match(/content-type: application\/problem\+json/i);
    }
  });

  it('VC-28: an attacker sends 1 MB in each parameter, deep and wide JSON; each costs a 4xx and under 50 ms of CPU', async () => {
    const mega = 'x'.repeat(1_000_000);
    const json = (body: string) => () =>
      host.request('POST', people, { token: userToken, body, headers: { 'content-type': 'application/json' } });
    const wide = `{${Array.from({ length: 6_000 }, (_, index) => `"k${index}":1`).join()}}`;
    const attempts: readonly (() => Promise<number>)[] = [
      ...[
        json(`{"email":"${mega}"}`),
        json(`{"email":"${'a@'.repeat(15_000)}"}`),
        json('['.repeat(60_000)),
        json('{"a":'.repeat(12_000)),
        json(wide),
        json(`{"email":"a@b.cd","metadata":${wide}}`),
        json(`{"email":"a@b.cd","others":[${'{},'.repeat(15_000)}{}]}`),
        () => host.request('GET', `/hello/${mega.slice(0, 15_000)}`),
        () => host.request('GET', `/hello/x?${'a&'.repeat(3_000)}`),
        () => host.request('GET', `${people}?cursor=${mega.slice(0, 7_000)}`, { token: adminToken }),
        () => create({ 'idempotency-key': 'k'.repeat(10_000) }),
        () => host.request('GET', people, { token: 'x'.repeat(12_000) }),
        () => host.request('GET', '/hello/x', { headers: { accept: 'a/b,'.repeat(3_000) } }),
      ].map((send) => async () => (await send()).status),
      async () => refused(await rawHttp(host.port, `GET / HTTP/1.1\r\nHost: x\r\nAuthorization: ${mega}\r\n\r\n`)),
    ];
    for (const [index, attempt] of attempts.entries()) {
      const costs: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        const before = process.cpuUsage();
        const status = await attempt();
        const { user, system } = process.cpuUsage(before);
        expect(status, `attempt ${index}`).to.be.within(400, 499);
        costs.push((user + system) / 1_000);
      }
      // The client of this spec and the collector share the process, so the least is still more than the service used.
      expect(Math.min(...costs), `attempt ${index}`).to.be.below(50);
    }
  });

  it('VC-29: an attacker puts line breaks and JSON where requests are logged; one entry per request, with constants and ids only', async () => {
    host.log.lines.length = 0;
    const agent = 'x","level":"fatal","y":"${jndi:ldap://e}';
    await host.request('GET', '/hello/%0d%0aforged', { headers: { 'user-agent': agent, 'x-request-id': 'bad id' } });
    await host.request('GET', '/hello/fine?name=%0aforged', {
      headers: { 'user-agent': agent, 'x-request-id': 'joined-0001' },
    });
    await host.request('POST', people, { token: userToken, json: { email: 'canary@example.com', name: 'forged' } });
    expect(host.log.lines.map(({ event, fields }) => [event, fields['route'], fields['status']])).to.deep.equal([
      ['request', 'none', 400],
      ['request', 'sampleHello', 200],
      ['request', 'sampleCreatePerson', 201],
    ]);
    expect(host.log.lines[1]?.fields['id']).to.equal('joined-0001');
    expect(JSON.stringify(host.log.lines)).not.to.match(/forged|jndi|fatal|bad id|canary|127\.0\.0\.1|acme:ada/);
  });

  it('VC-30: an attacker sends names that objects inherit; nothing changes but the data they name', async () => {
    const inherited = ['constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf', '__defineGetter__'];
    const before = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
    const metadata = Object.fromEntries(inherited.map((name) => [name, 'data']));
    host.services.effects.length = 0;
    expect(
      (await host.request('POST', people, { token: userToken, json: { email: 'a@b.cd', metadata } })).status,
    ).to.equal(201);
    expect(host.services.effects[0]?.metadata).to.deep.equal(metadata);

    const hostile = [
      '{"__proto__":{"polluted":1}}',
      '{"email":"a@b.cd","metadata":{"__proto__":"x"}}',
      '{"email":"a@b.cd","constructor":{"prototype":{"polluted":1}}}',
    ];
    for (const body of hostile) {
      const answer = await host.request('POST', people, {
        token: userToken,
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.status, body).to.equal(400);
    }
    for (const name of ['__proto__', ...inherited]) {
      expect((await host.request('GET', `/hello/x?${name}=1`)).status).to.equal(400);
      expect((await host.request('GET', `/t/${name}/api/v1/people`, { token: adminToken })).status).to.equal(404);
      expect(await (await host.request('GET', `/hello/${name}`)).text()).to.equal(`hello ${name} -`);
      const form = await host.request('POST', '/t/acme/form', {
        body: `token=t&${name}[polluted]=1`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      expect(form.status).to.equal(400);
    }
    expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).to.equal(before);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });

  it('VC-15: an attacker changes, cuts and extends a cursor, or takes it elsewhere; 400 every time', async () => {
    const get = (path: string, token = adminToken) => host.request('GET', path, { token });
    const { next } = (await (await get(`${people}?limit=1&name=a`)).json()) as { next: string };
    const cursor = new URL(next).searchParams.get('cursor') ?? '';
    const using = (value: string) => `${people}?name=a&cursor=${encodeURIComponent(value)}`;
    expect((await get(using(cursor))).status).to.equal(200);

    const flip = (index: number) =>
      cursor.slice(0, index) + (cursor[index] === 'A' ? 'B' : 'A') + cursor.slice(index + 1);
    const forged = [
      ...[...cursor].map((_, index) => flip(index)),
      ...[...cursor].map((_, index) => cursor.slice(0, index)),
      `${cursor}A`,
      `${cursor}=`,
      `${cursor}.`,
      ` ${cursor}`,
      cursor.toUpperCase(),
      'null',
      '{}',
      "' or 1=1--",
    ].filter((value) => value !== cursor);
    for (const value of forged) {
      const answer = await get(using(value));
      expect(answer.status, value).to.equal(400);
    }
    const elsewhere = [
      await get(`${people}?name=b&cursor=${cursor}`),
      await get(`${people}?cursor=${cursor}`),
      await get(`/t/other/api/v1/people?name=a&cursor=${cursor}`, 'other:ada:admin'),
    ];
    expect(elsewhere.map(({ status }) => status)).to.deep.equal([400, 400, 400]);
  });

  it('VC-35: an attacker calls from every kind of origin; only public documents answer any, and no answer allows credentials', async () => {
    const origins = [
      'https://evil.example',
      'null',
      'https://id.example.com',
      'https://id.example.com.evil.example',
      'http://localhost',
      'file://',
      'x',
    ];
    const paths = allRoutes.map(({ method, path, cors }) => ({
      method: method.toUpperCase(),
      path: path.replace(':tenant', 'acme').replaceAll(/:\w+/g, 'x'),
      cors,
    }));
    for (const origin of origins) {
      for (const { method, path, cors } of paths) {
        const plain = await host.request(method, path, { headers: { origin } });
        await plain.arrayBuffer();
        const preflight = await host.request('OPTIONS', path, {
          headers: { origin, 'access-control-request-method': method },
        });
        for (const answer of [plain, preflight]) {
          expect(answer.headers.get('access-control-allow-credentials')).to.equal(null);
          const allowed = answer.headers.get('access-control-allow-origin');
          expect(allowed, `${origin} ${method} ${path}`).to.equal(
            cors === 'any' && /^https?:/.test(origin) ? '*' : null,
          );
        }
      }
    }
  });
});
