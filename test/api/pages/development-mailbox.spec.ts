import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import express from 'express';
import { developmentMailboxPages, isLoopback } from '../../../src/api/pages/development-mailbox.js';
import { type CaughtMessage, DevelopmentMailbox } from '../../../src/application/ports/development-mailbox.js';
import type { Instant } from '../../../src/domain/values.js';

const attack = `"><script>alert(1)</script><img src=x onerror='alert(1)'>`;

const mail: CaughtMessage = {
  id: '018f6b1e-0000-5000-8000-000000000001',
  channel: 'mail',
  kind: 'verify-email',
  to: 'ada@example.org',
  link: 'http://localhost:8080/t/acme/verify-email?token=abc',
  code: '012345',
  subject: `Hello ${attack}`,
  text: `Text ${attack}`,
  html: '<!doctype html><html><head><style>p { color: red }</style></head><p style="margin: 0">Hi</p></html>',
  locale: 'en',
  at: '2026-01-01T00:00:00.000Z' as Instant,
};

class OneMail extends DevelopmentMailbox {
  async list(_max: number, to?: string): Promise<readonly CaughtMessage[]> {
    return to === undefined || to === mail.to ? [mail] : [];
  }
  async get(id: string): Promise<CaughtMessage | undefined> {
    return id === mail.id ? mail : undefined;
  }
}

type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: string }>;

describe('the pages of the development mailbox', () => {
  let server: Server;
  before(async () => {
    const app = express().use(developmentMailboxPages(new OneMail(), 'http://localhost:8080'));
    server = createServer(app);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  after(() => void server.close());

  const get = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
        text(response).then(
          (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          reject,
        );
      })
        .on('error', reject)
        .end();
    });
  };
  const json = { accept: 'application/json' };

  it('answer with the newest code and link as JSON', async () => {
    const { body, headers } = await get('/mailbox?to=ada%40example.org', json);
    expect(JSON.parse(body)).to.deep.equal({ items: [mail] });
    expect(headers['cache-control']).to.equal('no-store');
    expect(JSON.parse((await get(`/mailbox/${mail.id}`, json)).body)).to.deep.equal(mail);
    expect(JSON.parse((await get('/mailbox?to=grace%40example.org', json)).body)).to.deep.equal({ items: [] });
  });

  it('show a message with its code and a link to click, and run nothing that stands in it', async () => {
    for (const path of ['/mailbox', `/mailbox/${mail.id}`]) {
      const { body, headers, status } = await get(path, { accept: 'text/html,*/*;q=0.8' });
      expect(status).to.equal(200);
      expect(headers['content-type']).to.match(/^text\/html/);
      expect(body)
        .to.contain('Hello &quot;>&lt;script>')
        .and.not.to.match(/<script|<img/);
      expect(headers['content-security-policy'])
        .to.contain("default-src 'none'")
        .and.not.to.match(/unsafe|script-src/);
      expect(body).not.to.match(/\sstyle=|<style|\son\w+="/);
    }
    const { body } = await get(`/mailbox/${mail.id}`);
    expect(body).to.contain(`<a class="link" href="${mail.link}">`).and.to.contain('<span class="code">012345</span>');
  });

  it('escape the recipient that is asked for', async () => {
    const { body } = await get(`/mailbox?to=${encodeURIComponent(attack)}`);

    expect(body)
      .to.contain('value="&quot;>&lt;script>')
      .and.not.to.match(/<script|<img/);
  });

  it('show mail in a frame without scripts, in no origin, with exactly its own styles', async () => {
    const { body, headers } = await get(`/mailbox/${mail.id}/html`);
    const hash = (source: string) => `'sha256-${createHash('sha256').update(source).digest('base64')}'`;

    expect(headers['content-security-policy']).to.equal(
      `default-src 'none'; style-src 'unsafe-hashes' ${hash('p { color: red }')} ${hash('margin: 0')}; ` +
        "img-src data:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
    );
    expect(body).to.contain('<base target="_blank">');
  });

  it('serve their stylesheet', async () => {
    expect((await get('/mailbox/style.css')).headers['content-type']).to.match(/^text\/css/);
  });

  it('say when there is no such message', async () => {
    expect(await get('/mailbox/nothing')).to.deep.include({ status: 404 });
    expect(await get('/mailbox/nothing/html')).to.deep.include({ status: 404 });
    expect((await get('/mailbox/nothing', json)).headers['content-type']).to.match(/^application\/json/);
  });

  it('a stranger asks through a proxy or a tunnel on this machine, which passes for the machine itself; nothing is shown', async () => {
    const traces = { 'x-forwarded-for': '203.0.113.7', 'x-real-ip': '203.0.113.7', forwarded: 'for=x', via: '1.1 x' };
    for (const [name, value] of Object.entries(traces)) {
      expect(await get('/mailbox', { host: 'localhost:8080', [name]: value }), name).to.include({ status: 421 });
    }
  });

  it('somebody asks for a message by what is no text; there is no such message', async () => {
    for (const id of ['%ff', '%', '%E0%A4%A', '%00']) {
      const answer = await get(`/mailbox/${id}`);
      expect(answer, id).to.include({ status: 404 });
      expect(answer.body).to.contain('There is no such message');
    }
  });

  it('refuse a foreign name that leads to this machine', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1']) {
      expect(await get('/mailbox', { host }), host).to.include({ status: 421 });
    }
    expect(await get('/mailbox', { host: '[::1]:8080' })).to.include({ status: 200 });
  });

  it('exist on loopback only', () => {
    expect(() => developmentMailboxPages(new OneMail(), 'https://id.example.org')).to.throw(RangeError);
    expect(['http://localhost:1', 'http://127.0.0.1', 'http://[::1]:1'].every(isLoopback)).to.equal(true);
    expect(['http://0.0.0.0', 'http://localhost.example', 'nonsense'].some(isLoopback)).to.equal(false);
  });
});
