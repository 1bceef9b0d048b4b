import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { Browser } from '../support/browser.js';
import { admitted, root } from '../support/people.js';

/** Beside the compiled specs, so that the packages of the project are found from there. */
const program = fileURLToPath(new URL('./readme-example.mjs', import.meta.url));
const readme = readFileSync('README.md', 'utf8');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** What a browser does with an application's answers: it keeps the cookies and goes where it is sent. */
class Application {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly url: string) {}

  async open(path: string): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(path, this.url), { redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.cookies.set(name, value);
    }
    return response;
  }
}

describe('the application in the README', () => {
  let annal: Annal;
  let issuing: string;
  let running: ChildProcess | undefined;

  before(async () => {
    const port = await freePort();
    issuing = `http://localhost:${port}`;
    const foundation = {
      http: { origin: issuing, trustedProxies: [] },
      listening: { host: '127.0.0.1', port, origin: issuing },
    };
    annal = await Annal.start({ foundation });
  });
  after(async () => {
    running?.kill('SIGKILL');
    await annal.stop();
  });

  it('has ten lines, and signs somebody in', async () => {
    const [, code = ''] = /## An application that signs people in.*?```js\n(.*?)```/s.exec(readme) ?? [];
    expect(code.trim().split('\n').length).to.be.within(8, 14);
    writeFileSync(program, `${code}\nconsole.log('listening');\n`);
    const port = await freePort();
    const at = `http://localhost:${port}`;
    const admin = await root(annal);
    const { body } = await annal.call<{ client: string; secret: string }>('POST', '/api/v1/tenants/default/clients', {
      body: { name: 'Shop', kind: 'web', redirectUris: [`${at}/callback`] },
      token: admin,
    });
    running = spawn(process.execPath, [program], {
      env: {
        ...process.env,
        ISSUER: `${issuing}/t/default`,
        CLIENT_ID: body.client,
        CLIENT_SECRET: body.secret,
        PORT: `${port}`,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(running, 'exit').then(() => Promise.reject(new Error('the application ended')));
    await Promise.race([once(running.stdout as NodeJS.ReadableStream, 'data'), ended]);
    ended.catch(() => undefined);

    const shop = new Application(at);
    const sent = await shop.open('/');
    const { email, user } = await admitted(annal, admin);
    const browser = new Browser(annal, issuing);
    const who = await browser.open(sent.headers.get('location') ?? '');
    const consent = await browser.press(await browser.press(who, { identifier: email }), { current: password });
    const back = await browser.press(consent, { decision: 'agree' });
    const home = await shop.open(back.url);
    const shown = await shop.open(home.headers.get('location') ?? '');
    expect(await shown.json()).to.include({ sub: user, email, email_verified: true });
  });
});
