import { availableParallelism } from 'node:os';
import { AdmissionControl, hashingLimits } from '../../src/infrastructure/admission-control.js';
import { Argon2PasswordHasher, owaspParameters } from '../../src/infrastructure/argon2-password-hasher.js';
import { AnnalProcess, api, password } from './annal-process.js';
import { BenchServer } from './bench-server.js';
import { type Figure, load, loadOf, median, micros, perSecond, rate, type Tell } from './measure.js';

const seconds = 4;
const rounds = 3;
/** Sign-ins until the compiler has seen enough of them. */
const warmUp = 2_000;

/** Sign-in with OWASP's parameters against what the same hasher does without anything around it, and with next to no hash. */
export async function benchLogin(tell: Tell): Promise<readonly Figure[]> {
  const cores = availableParallelism();
  const hasher = new Argon2PasswordHasher(new AdmissionControl(hashingLimits(cores)), owaspParameters);
  const verifier = await hasher.hash(password);
  const server = await BenchServer.start();
  const annal = await AnnalProcess.start(await server.database());
  const bare = await AnnalProcess.start(await server.database(), { cheapHashes: true });
  try {
    tell('making accounts');
    const signIns = async (of: AnnalProcess, people: number) => ({
      url: `${of.url}${api}/sign-in`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      bodies: (await of.people(people)).map((identifier) => JSON.stringify({ identifier, password })),
      seconds,
    });
    const hashed = { ...(await signIns(annal, 40)), connections: cores * 2 };
    const unhashed = { ...(await signIns(bare, 200)), connections: 1 };
    const [ceilings, rates]: [number[], number[]] = [[], []];
    let failures = 0;
    for (let round = 1; round <= rounds; round += 1) {
      tell(`hashes alone, then sign-ins: ${round} of ${rounds}`);
      ceilings.push(await rate(seconds, cores, () => hasher.verify(verifier, password)));
      const signedIn = await load(hashed);
      rates.push(signedIn.perSecond);
      failures += signedIn.failures;
    }
    tell('sign-ins with next to no hash, one at a time');
    await load({ ...unhashed, amount: warmUp });
    const around = await loadOf(bare.served, unhashed);
    return [
      {
        what: `password sign-in, argon2id 19 MiB t=2 (${failures} failures)`,
        measured: perSecond(median(rates)),
        baseline: `${perSecond(median(ceilings))} hashes alone`,
        ratio: median(rates) / median(ceilings),
        target: '≥ 0.95',
      },
      {
        what: 'everything about a sign-in but the hash, one at a time',
        measured: `p50 ${around.p50} ms, p99 ${around.p99} ms, ${micros(around.micros)}`,
        baseline: '',
        ratio: undefined,
        target: 'p99 ≤ 10 ms',
      },
    ];
  } finally {
    await Promise.all([annal.stop(), bare.stop()]);
    await server.stop();
  }
}
