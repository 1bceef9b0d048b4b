import { AnnalProcess, type Tokens } from './annal-process.js';
import { BenchServer, urlOf } from './bench-server.js';
import { type Cost, cost, type Figure, inTurns, type Load, loadOf, type Tell } from './measure.js';
import { Served } from './served.js';

const rounds = 3;
const seconds = 2;
const connections = 16;
/** Requests until the compiler has seen enough of each. */
const warmUp = 4_000;
/** Access tokens that the service has never seen when they are sent. */
const fresh = 1_500;

/** Introspection of refresh and access tokens against an Express handler that reads a form and does one indexed SELECT. */
export async function benchIntrospection(tell: Tell): Promise<readonly Figure[]> {
  const server = await BenchServer.start();
  const connection = await server.database();
  const annal = await AnnalProcess.start(connection, { cheapHashes: true });
  const environment = { DATABASE_URL: urlOf(connection) };
  const express = await Served.start(new URL('./express-floor.js', import.meta.url), [], environment, '/');
  try {
    const [email = ''] = await annal.people(1);
    const tokens = await annal.signIn(email);
    const authorization = await annal.client();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization };
    const asked = (url: string, presented: readonly string[]): Load => ({
      url,
      method: 'POST',
      headers,
      bodies: presented.map((token) => `token=${token}`),
      connections,
      seconds,
    });
    const introspect = asked.bind(undefined, `${annal.url}/t/default/oauth2/introspect`);
    const form = asked(`${express.url}/introspect`, ['x'.repeat(73)]);
    const [refreshToken, accessToken] = [introspect([tokens.refreshToken]), introspect([tokens.accessToken])];
    const runs = (more: Partial<Load>) => ({
      floor: () => loadOf(express, { ...form, ...more }),
      opaque: () => loadOf(annal.served, { ...refreshToken, ...more }),
      jwt: () => loadOf(annal.served, { ...accessToken, ...more }),
    });
    tell('warming up');
    await inTurns(1, runs({ amount: warmUp }));
    tell(`${rounds} rounds of form + SELECT, opaque, JWT`);
    const { floor, opaque, jwt } = await inTurns(rounds, runs({}));
    tell('access tokens that were never seen before');
    const unseen: Cost = await loadOf(annal.served, {
      ...introspect(await many(annal, email)),
      traded: 'nothing',
      amount: fresh - 4 * connections,
    });
    return [
      figure('introspection, opaque (refresh) token', opaque, floor, 'Express form + one SELECT', '≥ 0.8'),
      figure('introspection, JWT seen before', jwt, opaque, 'opaque', '≥ 0.6'),
      figure('introspection, JWT never seen before', unseen, opaque, 'opaque', '≥ 0.6'),
    ];
  } finally {
    await Promise.all([annal.stop(), express.stop()]);
    await server.stop();
  }
}

/** Both ratios, because the rate of a shared machine says less than the processor time. */
function figure(what: string, one: Cost, other: Cost, name: string, target: string): Figure {
  const byProcessor = (other.micros / one.micros).toFixed(2);
  return {
    what: `${what} (p99 ${one.p99} ms, ${one.failures} failures; ${byProcessor} by the processor time of the process)`,
    measured: cost(one),
    baseline: `${cost(other)}, ${name}`,
    ratio: one.perSecond / other.perSecond,
    target,
  };
}

/** Access tokens of one session: each refresh gives another, and none ends those before it. */
async function many(annal: AnnalProcess, email: string): Promise<readonly string[]> {
  const made: string[] = [];
  const lanes = await Promise.all(Array.from({ length: 8 }, () => annal.signIn(email)));
  const lane = async (first: Tokens): Promise<void> => {
    let tokens = first;
    for (let count = 0; count < fresh / lanes.length; count += 1) {
      tokens = await annal.post<Tokens>('/t/default/api/v1/tokens/refresh', { refreshToken: tokens.refreshToken });
      made.push(tokens.accessToken);
    }
  };
  await Promise.all(lanes.map(lane));
  return made;
}
