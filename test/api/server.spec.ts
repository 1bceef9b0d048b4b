import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { MetricsAccess } from '../../src/api/operations/metrics-access.js';
import { readTlsFiles, watchTlsFiles } from '../../src/api/server/tls-files.js';
import { selfSigned } from '../support/self-signed.js';
import { people, SampleHost, systemToken, userToken } from './sample-host.js';

/** Resolves with what the socket has received once it holds `text`. */
const received = (socket: Socket, text: string): Promise<string> =>
  new Promise((resolve) => {
    let all = '';
    socket.on('data', (chunk) => {
      all += chunk.toString();
      if (all.includes(text)) resolve(all);
    });
  });
const closed = (socket: Socket): Promise<void> => new Promise((resolve) => void socket.on('close', () => resolve()));

function swapLink(link: string, target: string): void {
  symlinkSync(target, `${link}.new`);
  renameSync(`${link}.new`, link);
}

describe('the server', () => {
  it('finishes what is under way when it stops, tells its connections to end, and takes no more', async () => {
    const host = new SampleHost();
    await host.start();
    let entered = (): void => undefined;
    let leave = (): void => undefined;
    const isUnderWay = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const mayLeave = new Promise<void>((resolve) => {
      leave = resolve;
    });
    host.services.before = () => {
      entered();
      return mayLeave;
    };
    const idle = connect(host.port, '127.0.0.1');
    await new Promise((resolve) => idle.on('connect', resolve));
    const answer = host.request('POST', people, { token: userToken, json: { email: 'a@b.cd' } });
    await isUnderWay;
    const stopped = host.server.stop(60_000);
    await closed(idle);
    leave();
    const { status, headers } = await answer;
    expect([status, headers.get('connection')]).to.deep.equal([201, 'close']);
    await stopped;
    const late = await fetch(`${host.url}/hello/x`).catch((error: unknown) => error);
    expect(late).to.be.instanceOf(Error);
  });

  it('ends streams when it stops', async () => {
    const host = new SampleHost();
    await host.start();
    const answer = await host.request('GET', '/api/v1/endless', { token: systemToken });
    const reader = answer.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).to.equal('{"n":1}\n');
    await host.server.stop(60_000);
    expect((await reader?.read())?.done).to.equal(true);
  });

  it('cuts what does not end in time', async () => {
    const host = new SampleHost();
    await host.start();
    let entered = (): void => undefined;
    const isUnderWay = new Promise<void>((resolve) => {
      entered = resolve;
    });
    host.services.before = () => {
      entered();
      return new Promise(() => undefined);
    };
    const answer = host
      .request('POST', people, { token: userToken, json: { email: 'a@b.cd' } })
      .catch((error: unknown) => error);
    await isUnderWay;
    await host.server.stop(10);
    expect(await answer).to.be.instanceOf(Error);
  });

  it('tells a stream that its reader has gone', async () => {
    const host = new SampleHost();
    await host.start();
    const socket = connect(host.port, '127.0.0.1');
    socket.write(`GET /api/v1/endless HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${systemToken}\r\n\r\n`);
    await received(socket, '{"n":1}');
    socket.destroy();
    await host.services.endlessEnded;
    await host.stop();
  });

  describe('with TLS', () => {
    const folder = mkdtempSync(join(tmpdir(), 'annal-tls-'));
    const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    const write = (pair: Readonly<{ certificate: string; key: string }>): void => {
      writeFileSync(files.certificate, pair.certificate);
      writeFileSync(files.key, pair.key);
    };
    let host: SampleHost;
    before(async () => {
      write(selfSigned('first'));
      host = new SampleHost(undefined, undefined, {}, files);
      await host.start();
    });
    after(async () => {
      await host.stop();
      rmSync(folder, { recursive: true });
    });

    /** Common name of the certificate that a new connection is shown, and the answer's header fields. */
    const visit = (maxVersion?: 'TLSv1.1') =>
      new Promise<Readonly<{ name: unknown; headers: NodeJS.Dict<string | string[]> }>>((resolve, reject) => {
        const agent = new Agent({
          keepAlive: false,
          rejectUnauthorized: false,
          ...(maxVersion && { maxVersion, minVersion: maxVersion }),
        });
        const sent = httpsRequest(
          { host: '127.0.0.1', port: host.port, path: '/hello/x', servername: 'localhost', agent },
          (answer) => {
            const name = (answer.socket as TLSSocket).getPeerCertificate().subject.CN;
            answer.resume().on('end', () => resolve({ name, headers: answer.headers }));
          },
        );
        sent.on('error', reject).end();
      });

    it('serves https with HSTS', async () => {
      const { name, headers } = await visit();
      expect(name).to.equal('first');
      expect(headers['strict-transport-security']).to.equal('max-age=63072000');
    });

    it('refuses versions of TLS before 1.2', async () => {
      expect(await visit('TLSv1.1').catch((error: unknown) => error)).to.be.instanceOf(Error);
    });

    it('takes over a renewed certificate, and keeps the old one when the new pair does not fit', async () => {
      write(selfSigned('second'));
      host.server.reloadTls(files);
      expect((await visit()).name).to.equal('second');
      write({ certificate: selfSigned('third').certificate, key: selfSigned('fourth').key });
      host.server.reloadTls(files);
      expect((await visit()).name).to.equal('second');
      expect(host.log.lines.map(({ event }) => event)).to.include.members([
        'tls-certificate-loaded',
        'tls-certificate-refused',
      ]);
      expect(() => readTlsFiles(files)).to.throw();
    });

    it('notices that a file has changed, also when a link is swapped', async () => {
      const link = join(folder, 'link.pem');
      symlinkSync(files.certificate, link);
      const linked = { certificate: link, key: files.key };
      for (const change of [() => write(selfSigned('fifth')), () => swapLink(link, files.key)]) {
        let stop = (): void => undefined;
        const changed = new Promise<void>((resolve) => {
          stop = watchTlsFiles(linked, resolve, 10);
        });
        change();
        await changed;
        stop();
      }
    });
  });

  it('answers every request with the header fields that protect it', async () => {
    const host = new SampleHost();
    await host.start();
    for (const path of ['/hello/x', '/nothing', people, '/health/live', '//x', '/hello/%']) {
      const { headers } = await host.request('GET', path);
      expect(Object.fromEntries(headers), path).to.include({
        'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers.has('x-powered-by')).to.equal(false);
    }
    await host.stop();
  });

  it('says HSTS only under https', async () => {
    const host = new SampleHost(undefined, undefined, { origin: 'http://localhost:4000' });
    await host.start();
    expect((await host.request('GET', '/hello/x')).headers.has('strict-transport-security')).to.equal(false);
    await host.stop();
  });

  it('takes a request id or a trace id over when it is well-formed', async () => {
    const host = new SampleHost();
    await host.start();
    const idOf = async (headers: Record<string, string>) =>
      (await host.request('GET', '/hello/x', { headers })).headers.get('x-request-id');
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    expect(await idOf({ 'x-request-id': 'joined-0001' })).to.equal('joined-0001');
    expect(await idOf({ traceparent: `00-${trace}-00f067aa0ba902b7-01` })).to.equal(trace);
    for (const odd of ['short', 'x'.repeat(65), 'with space', '{"a":1}']) {
      expect(await idOf({ 'x-request-id': odd, traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` })).to.match(
        /^0199b000-/,
      );
    }
    await host.stop();
  });

  it('tells whether it lives and whether it is ready, by named checks without their detail', async () => {
    const host = new SampleHost();
    await host.start();
    expect(await (await host.request('GET', '/health/live')).text()).to.equal('live');
    expect(await (await host.request('GET', '/health/ready')).json()).to.deep.equal({
      status: 'ready',
      checks: [{ name: 'postgres', healthy: true }],
    });
    host.readiness.healthy = false;
    const unready = await host.request('GET', '/health/ready');
    expect([unready.status, ((await unready.json()) as { status: string }).status]).to.deep.equal([503, 'not-ready']);
    await host.stop();
  });

  it('measures requests by route, never by path', async () => {
    const host = new SampleHost();
    await host.start();
    for (const path of ['/hello/ada', '/hello/bob', '/unknown/1', '/unknown/2'])
      await (await host.request('GET', path)).text();
    const text = await (await host.request('GET', '/metrics')).text();
    expect(text).to.match(
      /annal_http_request_duration_seconds_count\{route="sampleHello",method="GET",status="200"\} 2/,
    );
    expect(text).to.match(/annal_http_problems_total\{route="none",code="not-found"\} 2/);
    expect(text).not.to.match(/ada|unknown/);
    const elsewhere = await host.request('GET', '/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(elsewhere.status).to.equal(404);
    await host.stop();
  });

  it('shows metrics to whoever has the token, where one is set', () => {
    const access = new MetricsAccess('a long enough token');
    const bearing = (value: string | undefined) => (name: string) => (name === 'authorization' ? value : undefined);
    expect(access.admits('203.0.113.9', bearing('Bearer a long enough token'))).to.equal(true);
    expect(access.admits('127.0.0.1', bearing('Bearer another token'))).to.equal(false);
    expect(access.admits('127.0.0.1', bearing(undefined))).to.equal(false);
    expect(new MetricsAccess(undefined).admits('203.0.113.9', () => undefined)).to.equal(false);
  });
});
