import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { selfSigned } from '../support/self-signed.js';

const answering =
  (status: number, asked: string[] = []): RequestListener =>
  ({ url }, response) => {
    asked.push(String(url));
    response.writeHead(status).end();
  };

/** Exit status of the check while `server` listens. */
const check = async (server: Server, environment: Readonly<Record<string, string>> = {}): Promise<number | null> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await status((server.address() as AddressInfo).port, environment);
  } finally {
    server.close();
  }
};

const status = async (port: number, environment: Readonly<Record<string, string>> = {}): Promise<number | null> => {
  const child = spawn(process.execPath, ['bin/health.mjs'], {
    env: { ANNAL_PORT: String(port), ...environment },
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'close')) as [number | null];

  return code;
};

describe('the health check of the container', () => {
  it('asks whether the process lives', async () => {
    const asked: string[] = [];

    expect(await check(createServer(answering(200, asked)))).to.equal(0);
    expect(asked).to.deep.equal(['/health/live']);
  });

  it('fails on another answer, and on none', async () => {
    const server = createServer(answering(503));

    expect(await check(server)).to.equal(1);
    const { port } = await freePort();
    expect(await status(port)).to.equal(1);
  });

  it('asks by TLS where the service speaks it', async () => {
    const { certificate, key } = selfSigned('annal.example');

    const server = createTlsServer({ cert: certificate, key }, answering(200));

    expect(await check(server, { ANNAL_TLS_CERT: '/tls/certificate.pem' })).to.equal(0);
  });
});

/** A port on which nothing listens any more. */
async function freePort(): Promise<AddressInfo> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');

  return address;
}
