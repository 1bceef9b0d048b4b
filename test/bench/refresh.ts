import { AnnalProcess, api } from './annal-process.js';
import { BenchServer, urlOf } from './bench-server.js';
import { cost, type Figure, inTurns, type Load, loadOf, type Tell } from './measure.js';
import { Served } from './served.js';

const rounds = 3;
const seconds = 2;
const connections = 16;
/** More than connections, so that a token is never sent twice. */
const sessions = 32;
/** Milliseconds between two looks at the memory. */
const look = 250;

/** Refresh with rotation, durable, against an Express handler that does one durable INSERT; and the memory of the service meanwhile. */
export async function benchRefresh(tell: Tell): Promise<readonly Figure[]> {
  const server = await BenchServer.start();
  const connection = await server.database();
  const annal = await AnnalProcess.start(connection, { cheapHashes: true });
  const environment = { DATABASE_URL: urlOf(connection) };
  const express = await Served.start(new URL('./express-floor.js', import.meta.url), [], environment, '/');
  let most = 0;
  const looking = setInterval(() => {
    void annal.served.usage().then(({ residentMiB }) => (most = Math.max(most, residentMiB)));
  }, look);
  try {
    const people = await annal.people(sessions);
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, connections, seconds };
    const inserting: Load = { ...request, url: `${express.url}/insert`, bodies: ['{"text":"x"}'] };
    const refreshing = async (): Promise<Load> => {
      const signedIn = await Promise.all(people.map((email) => annal.signIn(email)));
      const bodies = signedIn.map(({ refreshToken }) => JSON.stringify({ refreshToken }));
      return { ...request, url: `${annal.url}${api}/tokens/refresh`, bodies, traded: 'refreshToken' };
    };
    const runs = {
      insert: () => loadOf(express, inserting),
      refresh: async () => loadOf(annal.served, await refreshing()),
    };
    tell('warming up');
    await inTurns(1, runs);
    tell(`${rounds} rounds of INSERT and refresh`);
    const { insert, refresh } = await inTurns(rounds, runs);
    clearInterval(looking);
    const { residentMiB } = await annal.served.usage();
    return [
      {
        what: `refresh with rotation, durable (p99 ${refresh.p99} ms, ${refresh.failures} failures)`,
        measured: cost(refresh),
        baseline: `${cost(insert)}, Express + one INSERT`,
        ratio: refresh.perSecond / insert.perSecond,
        target: '≥ 0.41 (5 × oidc-provider)',
      },
      {
        what: 'memory of the service under sign-ins and refreshes',
        measured: `at most ${Math.round(most)} MiB, ${Math.round(residentMiB)} MiB after`,
        baseline: '',
        ratio: undefined,
        target: '≤ 250 MB',
      },
    ];
  } finally {
    clearInterval(looking);
    await Promise.all([annal.stop(), express.stop()]);
    await server.stop();
  }
}
