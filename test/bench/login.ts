import { availableParallelism } from 'node:os';
import { AdmissionControl, hashingLimits } from '../../src/infrastructure/admission-control.js';
import { Argon2PasswordHasher, owaspParameters } from '../../src/infrastructure/argon2-password-hasher.js';
import { Annal, password } from '../support/annal.js';
import { api, root } from '../support/people.js';
import { type Figure, load, perSecond, rate } from './measure.js';

const seconds = 8;

/** Accounts that can sign in, made by an administrator. */
export async function people(annal: Annal, count: number): Promise<readonly string[]> {
  const token = await root(annal);
  const emails = Array.from({ length: count }, (_, index) => `bench${index}@example.com`);
  for (const email of emails) {
    await annal.call('POST', '/api/v1/tenants/default/users', { token, body: { email, password, verified: true } });
  }
  return emails;
}

/** Sign-in with OWASP's parameters against what the same hasher does without anything around it, and with next to no hash. */
export async function benchLogin(): Promise<readonly Figure[]> {
  const cores = availableParallelism();
  const hasher = new Argon2PasswordHasher(new AdmissionControl(hashingLimits(cores)), owaspParameters);
  const verifier = await hasher.hash(password);
  const ceiling = await rate(seconds, cores, () => hasher.verify(verifier, password));

  const annal = await Annal.start({ hasher, roles: ['api', 'outbox', 'projector'] });
  const bare = await Annal.start({ roles: ['api', 'outbox', 'projector'] });
  try {
    const bodiesOf = (emails: readonly string[]) =>
      emails.map((identifier) => JSON.stringify({ identifier, password }));
    const request = { method: 'POST', headers: { 'content-type': 'application/json' } };
    const signedIn = await load({
      ...request,
      url: `${annal.url}${api}/sign-in`,
      bodies: bodiesOf(await people(annal, 40)),
      connections: cores * 2,
      seconds,
    });
    const around = await load({
      ...request,
      url: `${bare.url}${api}/sign-in`,
      bodies: bodiesOf(await people(bare, 200)),
      connections: 1,
      seconds,
    });
    return [
      {
        what: `password sign-in, argon2id 19 MiB t=2 (${signedIn.failures} failures)`,
        measured: perSecond(signedIn.perSecond),
        baseline: `${perSecond(ceiling)} hashes alone`,
        ratio: signedIn.perSecond / ceiling,
        target: '≥ 0.95',
      },
      {
        what: 'everything about a sign-in but the hash, one at a time',
        measured: `p50 ${around.p50} ms, p99 ${around.p99} ms`,
        baseline: '',
        ratio: undefined,
        target: 'p99 ≤ 10 ms',
      },
    ];
  } finally {
    await annal.stop();
    await bare.stop();
  }
}
