import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { eventsAfter, inTenant, settle } from '../support/attacking.js';
import { CountingHasher } from '../support/counting-hasher.js';
import { admitted, api, newEmail, newTenant, root, signIn, unproved } from '../support/people.js';
import { type Ask, Onlooker, WatchedPace } from './onlooker.js';

/** Somebody registers addresses of others, to see whether they were free. */
describe('attacks by registering what may be taken', () => {
  const hasher = new CountingHasher();
  const pace = new WatchedPace();
  const onlooker = new Onlooker(hasher, pace);
  const wrongPassword = 'this is not it, is it now';
  const chosen = 'what the stranger has chosen';
  let annal: Annal;
  let admin: string;

  before(async () => {
    annal = await Annal.start({ hasher, foundation: { pace } });
    admin = await root(annal);
  });
  after(() => annal.stop());

  const post = (path: string, body: object) => annal.call('POST', `${api}${path}`, { body });
  const register = (email: string) => post('/registrations', { email, password: chosen });
  const resetByCode = (identifier: string) =>
    post('/password-resets/confirm', { identifier, code: '000000', password: chosen });
  const verifyByCode = (email: string) => post('/verifications/confirm', { email, code: '000000' });
  const times = async (count: number, ask: Ask) => {
    for (let time = 0; time < count; time += 1) await ask();
  };
  /** What the last of so many wrong tries looks like: some before the registration, the others after it. */
  const triedAround = (email: string, ask: (email: string) => ReturnType<Ask>) => async () => {
    await times(9, () => ask(email));
    await register(email);
    await ask(email);
    const { headers, ...answer } = await ask(email);
    const told = new Headers(headers);
    // How long is left depends on when it began.
    if (told.has('retry-after')) told.set('retry-after', 'some time');
    return { ...answer, headers: told };
  };

  async function freeAndTaken(): Promise<Readonly<{ free: string; taken: string }>> {
    return { free: newEmail(), taken: (await admitted(annal, admin)).email };
  }

  it('VC-11: the password that a stranger has just registered signs nobody in, whether or not the address was free', async () => {
    const { free, taken } = await freeAndTaken();
    for (const email of [free, taken]) expect((await register(email)).status).to.equal(202);
    await onlooker.expectAlike(
      {
        taken: () => signIn(annal, taken, chosen),
        free: () => signIn(annal, free, chosen),
        'free, wrong': () => signIn(annal, free, wrongPassword),
        nobody: () => signIn(annal, newEmail(), chosen),
      },
      { status: 401, hashes: 1, beats: 1 },
    );
  });

  it('VC-11: what was right and could not be said is on record', async () => {
    const email = newEmail();
    await register(email);
    const before = await annal.head();
    await signIn(annal, email, chosen);
    const recorded = (await eventsAfter(annal, before)).map(({ event }) => event);
    expect(recorded.map(({ type, ...data }) => [type, 'reason' in data && data.reason])).to.deep.equal([
      ['signin.refused', 'not-verified'],
    ]);
  });

  it('VC-11: names beside the address do not tell either', async () => {
    const { free, taken } = await freeAndTaken();
    const asks = await Promise.all(
      Object.entries({ free, taken }).map(async ([name, email]) => {
        const username = `beside.${name}`;
        await post('/registrations', { email, username, password: chosen });
        return [name, () => signIn(annal, username, chosen)] as const;
      }),
    );
    await onlooker.expectAlike(Object.fromEntries(asks), { status: 401, hashes: 1, beats: 1 });
  });

  for (const [what, ask] of Object.entries({
    'wrong passwords': (email: string) => signIn(annal, email, wrongPassword),
    'right passwords': (email: string) => signIn(annal, email, chosen),
    'codes of resets': resetByCode,
    'codes of verifications': verifyByCode,
  })) {
    it(`VC-11: ${what} are counted on through a registration, whether or not the address was free`, async () => {
      const { free, taken } = await freeAndTaken();
      await onlooker.expectAlike(
        { taken: triedAround(taken, ask), free: triedAround(free, ask) },
        { status: 429, beats: 12 },
      );
    });
  }

  it('VC-11: after a registration everything else is asked for and refused alike', async () => {
    const { free, taken } = await freeAndTaken();
    for (const email of [free, taken]) await register(email);
    const both = (ask: (email: string) => ReturnType<Ask>) => ({ taken: () => ask(taken), free: () => ask(free) });
    for (let time = 0; time < 7; time += 1) {
      await onlooker.expectAlike(both(register), { status: 202, hashes: 1, beats: 1 });
      await onlooker.expectAlike(
        both((identifier) => post('/password-resets', { identifier })),
        { hashes: 0, beats: 1 },
      );
      await onlooker.expectAlike(
        both((email) => post('/verifications', { email })),
        { hashes: 0, beats: 1 },
      );
      await onlooker.expectAlike(both(resetByCode), { hashes: 0, beats: 1 });
      await onlooker.expectAlike(both(verifyByCode), { hashes: 0, beats: 1 });
    }
  });

  it('VC-09: once the address is proved, the account has a count of its own', async () => {
    const email = newEmail();
    await register(email);
    await times(11, () => signIn(annal, email, wrongPassword));
    expect((await signIn(annal, email, chosen)).status).to.equal(429);
    const { token } = await annal.mail(email, 'verify-email');
    expect((await post('/verifications/confirm', { token })).status).to.equal(204);
    expect((await signIn(annal, email, chosen)).status).to.equal(200);
    await times(10, () => signIn(annal, email, wrongPassword));
    expect((await signIn(annal, email, chosen)).status).to.equal(429);
  });

  it('VC-11: whoever was made by an administrator is asked to verify', async () => {
    expect((await signIn(annal, await unproved(annal))).body.next).to.equal('verify-email');
  });

  it('VC-09: where nobody has to verify, the names of one account have one count', async () => {
    await newTenant(annal, 'easy-going');
    await settle(annal, 'easy-going', { verification: { requiredToSignIn: false } });
    const base = inTenant('easy-going');
    const email = newEmail();
    await annal.call('POST', `${base}/registrations`, { body: { email, username: 'easy', password } });
    expect((await signIn(annal, email, password, base)).body.status).to.equal('signed-in');
    await times(5, () => signIn(annal, email, wrongPassword, base));
    await times(5, () => signIn(annal, 'easy', wrongPassword, base));
    expect((await signIn(annal, email, password, base)).status).to.equal(429);
  });
});
