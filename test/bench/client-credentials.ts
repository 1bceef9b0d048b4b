import { AnnalProcess } from './annal-process.js';
import { BenchServer, urlOf } from './bench-server.js';
import { cost, type Figure, inTurns, type Load, loadOf, type Tell } from './measure.js';
import { Served } from './served.js';

const rounds = 3;
const seconds = 2;
const connections = 16;

/** The client that HTTP Basic authentication names. */
const clientIn = (authorization: string): string =>
  Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(':')[0] ?? '';

/** Tokens with which a client acts for itself, each a durable fact, against an Express handler that does one durable INSERT. */
export async function benchClientCredentials(tell: Tell): Promise<readonly Figure[]> {
  const server = await BenchServer.start();
  const connection = await server.database();
  const annal = await AnnalProcess.start(connection, { cheapHashes: true });
  const environment = { DATABASE_URL: urlOf(connection) };
  const express = await Served.start(new URL('./express-floor.js', import.meta.url), [], environment, '/');
  try {
    const authorization = await annal.client({ kind: 'machine', scopes: ['orders:read'] });
    const asked = { method: 'POST', connections, seconds };
    const inserting: Load = {
      ...asked,
      url: `${express.url}/insert`,
      headers: { 'content-type': 'application/json' },
      bodies: ['{"text":"x"}'],
    };
    const issuing: Load = {
      ...asked,
      url: `${annal.url}/t/default/oauth2/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization },
      bodies: ['grant_type=client_credentials&scope=orders%3Aread'],
    };
    const secret = await annal.client({ kind: 'machine', scopes: ['orders:read'] });
    await annal.opaqueTokens(clientIn(secret));
    const opaquely: Load = { ...issuing, headers: { ...issuing.headers, authorization: secret } };
    const runs = {
      insert: () => loadOf(express, inserting),
      opaque: () => loadOf(annal.served, opaquely),
      jwt: () => loadOf(annal.served, issuing),
    };
    tell('warming up');
    await inTurns(1, runs);
    tell(`${rounds} rounds of INSERT, opaque token and signed token`);
    const { insert, opaque, jwt } = await inTurns(rounds, runs);
    return [
      {
        what: `client credentials, opaque, durable (p99 ${opaque.p99} ms, ${opaque.failures} failures)`,
        measured: cost(opaque),
        baseline: `${cost(insert)}, Express + one INSERT`,
        ratio: opaque.perSecond / insert.perSecond,
        target: '≥ 1.0',
      },
      {
        what: `client credentials, ES256, durable (p99 ${jwt.p99} ms, ${jwt.failures} failures)`,
        measured: cost(jwt),
        baseline: `${cost(insert)}, Express + one INSERT`,
        ratio: jwt.perSecond / insert.perSecond,
        target: '≥ 0.86 (1.7 × oidc-provider)',
      },
    ];
  } finally {
    await Promise.all([annal.stop(), express.stop()]);
    await server.stop();
  }
}
