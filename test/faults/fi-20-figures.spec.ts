import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Undo } from '../../src/composition-root/undo.js';
import { owaspParameters } from '../../src/infrastructure/argon2-password-hasher.js';
import { hashesAtOnce } from '../../src/thread-pool.js';
import { AnnalProcess, api, password, type Tokens } from '../bench/annal-process.js';
import { durableServer } from '../support/durable-server.js';
import { report } from '../support/load.js';

const full = process.env['ANNAL_TEST_FULL'] === '1';
const stormSeconds = full ? 600 : 3;
const storming = full ? 500 : 200;
/** So many that the tries of one account do not stand in for the queue being full. */
const accounts = full ? 40 : 20;
/** Milliseconds between two requests of each other kind. */
const normally = 200;
const meanwhile = normally / 10;
/** Besides the hashes that run: buffers of sockets, what the storm leaves to the collector of garbage. */
const headroom = 64;

type Asked = Readonly<{ method?: string; path: string; headers?: Record<string, string>; body?: string }>;
type Told = Readonly<{ status: number; took: number; retryAfter: number; text: string }>;
type Health = Readonly<{ residentMiB: number; lag: number }>;

/** Nearest rank. */
const p99 = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.ceil(values.length * 0.99) - 1] ?? 0;
const inMilliseconds = (values: readonly number[]): string => `${Math.round(p99(values))} ms`;

/** What FI-20 states in figures, of a service in a process of its own. */
describe(`FI-20 ${storming} clients that sign in for ${stormSeconds} seconds, besides ten times the usual traffic`, function () {
  this.timeout((stormSeconds + 120) * 1_000);
  const undo = new Undo((error) => {
    throw error;
  });
  const agent = new Agent({ keepAlive: true });
  let annal: AnnalProcess;

  before(async () => {
    annal = await AnnalProcess.start(await durableServer(undo));
    undo.later(() => annal.stop());
  });
  after(() => {
    agent.destroy();
    return undo.all();
  });

  function ask(asked: Asked): Promise<Told> {
    const { path, body, ...options } = asked;
    const sent = performance.now();
    return new Promise((resolve, reject) => {
      const asking = request(annal.url + path, { agent, ...options }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            took: performance.now() - sent,
            retryAfter: Number(answer.headers['retry-after'] ?? 0),
            text: Buffer.concat(chunks).toString(),
          }),
        );
        answer.once('error', reject);
      });
      // The service closes connections that nobody used for a while; one that is taken up at that moment was not heard on.
      asking.once('error', (error) => (asking.reusedSocket ? resolve(ask(asked)) : reject(error)));
      asking.end(body);
    });
  }

  const json = (path: string, body: object): Asked => ({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  /** Since it was asked last. */
  async function health(): Promise<Health> {
    const { text } = await ask({ path: '/metrics' });
    const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    return {
      residentMiB: value('process_resident_memory_bytes') / 2 ** 20,
      lag: value('nodejs_eventloop_lag_p99_seconds') * 1_000,
    };
  }

  /** Everything else that is asked of an identity service, each kind in a lane of its own. */
  async function traffic(email: string): Promise<Readonly<Record<string, () => Promise<Told>>>> {
    const { accessToken, refreshToken } = await annal.signIn(email);
    const authorization = await annal.client();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization };
    let newest = refreshToken;
    return {
      keys: () => ask({ path: '/t/default/jwks.json' }),
      introspection: () =>
        ask({ method: 'POST', path: '/t/default/oauth2/introspect', headers, body: `token=${accessToken}` }),
      refresh: async () => {
        const told = await ask(json(`${api}/tokens/refresh`, { refreshToken: newest }));
        newest = (JSON.parse(told.text) as Tokens).refreshToken;
        return told;
      },
    };
  }

  async function lane<T>(work: () => Promise<T>, every: number, isOver: () => boolean): Promise<readonly T[]> {
    const told: T[] = [];
    while (!isOver()) {
      told.push(await work());
      await pause(every);
    }
    return told;
  }

  it('stays within its memory, answers everybody else at once, and turns away at once', async function () {
    const people = await annal.people(accounts);
    const usual = await traffic(people[0] ?? '');
    for (let n = 0; n < 50; n += 1) await Promise.all(Object.values(usual).map((work) => work()));
    for (const email of people.slice(0, 10)) await annal.signIn(email);
    const { residentMiB: base } = await health();

    const until = performance.now() + stormSeconds * 1_000;
    const isOver = (): boolean => performance.now() > until;
    const seen: Health[] = [];
    const watching = lane(async () => void seen.push(await health()), 1_000, isOver);
    const others = Object.entries(usual).map(
      async ([name, work]) => [name, await lane(work, meanwhile, isOver)] as const,
    );
    const storm = Array.from({ length: storming }, async (_, index) => {
      const identifier = people[index % accounts] ?? '';
      const told: Told[] = [];
      while (!isOver()) {
        const answer = await ask(json(`${api}/sign-in`, { identifier, password }));
        told.push(answer);
        await pause(Math.min(answer.retryAfter * 1_000, Math.max(0, until - performance.now())));
      }
      return told;
    });
    const signIns = (await Promise.all(storm)).flat();
    const meantime = Object.fromEntries(await Promise.all(others));
    await watching;

    const refused = signIns.filter(({ status }) => status !== 200);
    expect(new Set(signIns.map(({ status }) => status))).to.include.members([200, 503]);
    expect(refused.filter(({ status }) => status !== 429 && status !== 503)).to.deep.equal([]);
    expect(refused.filter(({ retryAfter }) => retryAfter < 1)).to.deep.equal([]);
    for (const [name, told] of Object.entries(meantime))
      expect(new Set(told.map(({ status }) => status)), name).to.deep.equal(new Set([200]));

    const peak = Math.max(...seen.map(({ residentMiB }) => residentMiB));
    const hashing = (hashesAtOnce * owaspParameters.memoryKib) / 1_024;
    report(
      this.test,
      `memory ${Math.round(base)} → ${Math.round(peak)} MiB`,
      `${signIns.length - refused.length} signed in`,
      `${refused.length} turned away, 99 % within ${inMilliseconds(refused.map(({ took }) => took))}`,
      ...Object.entries(meantime).map(
        ([name, told]) => `${told.length} × ${name}, 99 % within ${inMilliseconds(told.map(({ took }) => took))}`,
      ),
      `event loop late by ${inMilliseconds(seen.map(({ lag }) => lag))}`,
    );
    expect(peak, 'resident memory, MiB').to.be.at.most(base + hashing + headroom);
  });
});
