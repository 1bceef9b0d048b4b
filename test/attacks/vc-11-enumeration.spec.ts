import { expect } from 'chai';
import { JobRunner } from '../../src/infrastructure/job-runner.js';
import { SteadyPace } from '../../src/infrastructure/steady-pace.js';
import { Annal, type Answer, password } from '../support/annal.js';
import { each, full, inTenant, newClient, settle } from '../support/attacking.js';
import { CountingHasher } from '../support/counting-hasher.js';
import { api, newEmail, newPerson, newTenant, root, signIn } from '../support/people.js';
import { type Ask, Onlooker, WatchedPace } from './onlooker.js';

/** Somebody asks who has an account here. */
describe('attacks by asking who is there', () => {
  const hasher = new CountingHasher();
  const pace = new WatchedPace();
  const onlooker = new Onlooker(hasher, pace);
  const expectAlike: Onlooker['expectAlike'] = (asks, like) => onlooker.expectAlike(asks, like);
  let annal: Annal;
  let admin: string;
  const wrongPassword = 'this is not it, is it now';
  const users = '/api/v1/tenants/default/users';

  before(async () => {
    annal = await Annal.start({ hasher, foundation: { pace } });
    admin = await root(annal);
  });
  after(() => annal.stop());

  const newUser = async (body: object): Promise<string> =>
    (await annal.call<{ id: string }>('POST', users, { body, token: admin })).body.id;
  const command = (user: string, path: string, body?: object) =>
    annal.call('POST', `${users}/${user}/${path}`, { token: admin, body });

  /** One of each kind of account, by its address. */
  async function accounts(): Promise<
    Readonly<Record<'active' | 'suspended' | 'deactivated' | 'invited' | 'unverified' | 'erased' | 'nobody', string>>
  > {
    const at = {
      active: newEmail(),
      suspended: newEmail(),
      deactivated: newEmail(),
      invited: newEmail(),
      unverified: newEmail(),
      erased: newEmail(),
      nobody: newEmail(),
    };
    await newUser({ email: at.active, password, verified: true });
    await command(await newUser({ email: at.suspended, password, verified: true }), 'suspend', { reason: 'x' });
    await command(await newUser({ email: at.deactivated, password, verified: true }), 'deactivate');
    await newUser({ email: at.invited });
    await annal.call('POST', `${api}/registrations`, { body: { email: at.unverified, password } });
    const erased = await newUser({ email: at.erased, password, verified: true });
    await annal.call('DELETE', `${users}/${erased}`, { token: admin });
    return at;
  }

  it('VC-11: wrong passwords, no passwords, and right ones of accounts that may not sign in are answered alike, after one hash', async () => {
    const { active, suspended, deactivated, invited, unverified, erased, nobody } = await accounts();
    const passwordOf = (identifier: string, secret: string) => () => signIn(annal, identifier, secret);
    await expectAlike(
      {
        'a wrong password': passwordOf(active, wrongPassword),
        nobody: passwordOf(nobody, wrongPassword),
        'no name at all': passwordOf('', wrongPassword),
        'a name that nobody can have': passwordOf('a@b@c', wrongPassword),
        'a user name of nobody': passwordOf('nobody.at.all', wrongPassword),
        'a number of nobody': passwordOf('+49301234567', wrongPassword),
        'suspended, right': passwordOf(suspended, password),
        'suspended, wrong': passwordOf(suspended, wrongPassword),
        'registered and never verified, right': passwordOf(unverified, password),
        'registered and never verified, wrong': passwordOf(unverified, wrongPassword),
        'deactivated, right': passwordOf(deactivated, password),
        'deactivated, wrong': passwordOf(deactivated, wrongPassword),
        erased: passwordOf(erased, password),
        'invited, without a password': passwordOf(invited, password),
        'an empty password': passwordOf(active, ''),
        'an empty password of nobody': passwordOf(nobody, ''),
        'an empty password of the invited': passwordOf(invited, ''),
        'a password beyond every limit': passwordOf(active, 'x'.repeat(4_096)),
        'a password beyond every limit, of nobody': passwordOf(nobody, 'x'.repeat(4_096)),
      },
      { status: 401, hashes: 1, beats: 1 },
    );
  });

  it('VC-11: names that the tenant does not let in are nobody’s', async () => {
    await newTenant(annal, 'strict');
    await settle(annal, 'strict', { identifiers: { username: { signIn: false } } });
    const base = inTenant('strict');
    const body = { email: newEmail(), username: 'ada.strict', password, verified: true };
    await annal.call('POST', '/api/v1/tenants/strict/users', { body, token: admin });
    await expectAlike(
      {
        'a name of nobody': () => signIn(annal, 'nobody.strict', password, base),
        'a name that may not': () => signIn(annal, 'ada.strict', password, base),
      },
      { status: 401, hashes: 1 },
    );
  });

  it('VC-11: a locked account and a locked name of nobody are answered alike, without a hash', async () => {
    const { active, suspended, invited, unverified, nobody } = await accounts();
    const asks: Record<string, Ask> = {};
    for (const identifier of [active, suspended, invited, unverified, nobody]) {
      for (let guess = 0; guess < 10; guess += 1) await signIn(annal, identifier, wrongPassword);
      asks[`${identifier}, right`] = () => signIn(annal, identifier, password);
      asks[`${identifier}, wrong`] = () => signIn(annal, identifier, wrongPassword);
    }
    // How long is left depends on when it began.
    const rounded = Object.fromEntries(
      Object.entries(asks).map(([name, ask]) => [name, async () => withoutRetryAfter(await ask())]),
    );
    await expectAlike(rounded, { status: 429, hashes: 0, beats: 1 });
  });

  const withoutRetryAfter = (answer: Answer<unknown>): Answer<unknown> => {
    expect(Number(answer.headers.get('retry-after'))).to.be.within(1, 30);
    const headers = new Headers(answer.headers);
    headers.delete('retry-after');
    return { ...answer, headers };
  };

  it('VC-11: what a stranger failed at is remembered alike for months, whoever has the name', async () => {
    const { active, unverified, nobody } = await accounts();
    const names = [active, unverified, nobody];
    const lockout = { hardLimit: 12, threshold: 3, firstDelaySeconds: 30, maxDelaySeconds: 30, windowSeconds: 3_600 };
    await settle(annal, 'default', { lockout });
    const tries = async (count: number) => {
      for (let guess = 0; guess < count; guess += 1) {
        annal.clock.advance(31);
        for (const name of names) await signIn(annal, name, wrongPassword);
      }
    };
    const later = async () => {
      annal.clock.advance(40 * 86_400);
      await annal.container.get(JobRunner).runDue();
    };
    await tries(7);
    await later();
    await tries(4);
    const asks = () => Object.fromEntries(names.map((name) => [name, () => signIn(annal, name, wrongPassword)]));
    annal.clock.advance(31);
    await expectAlike(asks(), { status: 401, hashes: 1 });
    await later();
    await expectAlike(asks(), { status: 429, hashes: 0 });
    await settle(annal, 'default', {});
    // The token is as old as the tries.
    admin = await root(annal);
  });

  it('VC-11: a registration is answered alike, after one hash, whether or not the address is taken', async () => {
    const { active, suspended, invited, unverified, nobody } = await accounts();
    const register = (more: object) => () =>
      annal.call('POST', `${api}/registrations`, { body: { password: `${password}!`, ...more } });
    const taken = [active, suspended, invited, unverified].map((email) => [email, register({ email })] as const);
    await expectAlike(
      { free: register({ email: nobody }), ...Object.fromEntries(taken) },
      { status: 202, hashes: 1, beats: 1 },
    );

    // A name that is known to be taken beside the address asked about.
    await newUser({ email: newEmail(), username: 'known.name', password, verified: true });
    await expectAlike(
      {
        'a free address': register({ email: newEmail(), username: 'known.name' }),
        'a taken address': register({ email: active, username: 'known.name' }),
      },
      { status: 409, hashes: 1 },
    );
    // Words of somebody's profile are no reason to refuse a stranger's password.
    const ada = newEmail();
    await newUser({ email: ada, firstName: 'Wilhelmina', password, verified: true });
    await expectAlike(
      {
        free: register({ email: newEmail(), password: 'wilhelmina likes horses' }),
        taken: register({ email: ada, password: 'wilhelmina likes horses' }),
      },
      { status: 202, hashes: 1 },
    );
  });

  it('VC-11: a reset is asked for alike, whoever it is for', async () => {
    const at = await accounts();
    const ask = (identifier: string) => () => annal.call('POST', `${api}/password-resets`, { body: { identifier } });
    await expectAlike(Object.fromEntries(Object.entries(at).map(([name, address]) => [name, ask(address)])), {
      status: 202,
      hashes: 0,
      beats: 1,
    });
    for (const identifier of [at.active, at.nobody]) {
      for (let time = 1; time < 5; time += 1) await ask(identifier)();
    }
    await expectAlike({ 'too often': ask(at.active), 'too often, nobody': ask(at.nobody) }, { status: 202, beats: 1 });
  });

  it('VC-11: a reset is refused alike, whoever it is for and whatever the new password', async () => {
    const at = await accounts();
    const confirm = (identifier: string, secret: string) => () =>
      annal.call('POST', `${api}/password-resets/confirm`, { body: { identifier, code: '000000', password: secret } });
    const asks = Object.entries(at).flatMap(([name, address]) =>
      [password, 'short', `${address} and more of it`].map(
        (secret) => [`${name}, ${secret}`, confirm(address, secret)] as const,
      ),
    );
    await expectAlike(Object.fromEntries(asks), { status: 400, hashes: 0, beats: 1 });
  });

  it('VC-11: a verification is asked for and refused alike, whoever it is for', async () => {
    const at = await accounts();
    const ask = (email: string) => () => annal.call('POST', `${api}/verifications`, { body: { email } });
    const confirm = (email: string) => () =>
      annal.call('POST', `${api}/verifications/confirm`, { body: { email, code: '000000' } });
    const of = (make: (email: string) => Ask) =>
      Object.fromEntries(Object.entries(at).map(([name, email]) => [name, make(email)]));
    await expectAlike(of(ask), { status: 202, hashes: 0, beats: 1 });
    await expectAlike(of(confirm), { status: 400, hashes: 0, beats: 1 });
  });

  it('VC-11: links that never were, of other kinds and of erased people are refused alike', async () => {
    const person = await newPerson(annal);
    await annal.call('POST', `${api}/password-resets`, { body: { identifier: person.email } });
    const { token } = await annal.mail(person.email, 'reset-password');
    await annal.call('DELETE', `${users}/${person.user}`, { token: admin });
    const confirm = (given: string) => () =>
      annal.call('POST', `${api}/verifications/confirm`, { body: { token: given } });
    const reset = (given: string) => () =>
      annal.call('POST', `${api}/password-resets/confirm`, { body: { token: given, password } });
    await expectAlike(
      { none: confirm('x'.repeat(43)), 'another kind': confirm(token), empty: confirm('') },
      { status: 400 },
    );
    await expectAlike(
      { none: reset('x'.repeat(43)), erased: reset(token), empty: reset('') },
      { status: 400, hashes: 0 },
    );
  });

  it('VC-11: who is there is not told by a client that is not, or by a bad one', async () => {
    const { active, nobody } = await accounts();
    const client = await newClient(annal, true);
    for (const [more, status] of [
      [{ client: 'none' }, 400],
      [{ client: client.id }, 401],
    ] as const) {
      const asks = [active, nobody].map(
        (identifier) => [identifier, () => signIn(annal, identifier, password, api, more)] as const,
      );
      await expectAlike(Object.fromEntries(asks), { status, hashes: 0 });
    }
  });

  if (full) {
    /** The chance that a sample of one class is slower than one of the other, whichever way tells more (the area under the ROC curve). */
    function telling(left: readonly number[], right: readonly number[]): number {
      const all = [...left.map((time) => [time, 0] as const), ...right.map((time) => [time, 1] as const)].sort(
        ([one], [two]) => one - two,
      );
      const ranks = all.reduce((sum, [, side], index) => sum + (side === 1 ? index + 1 : 0), 0);
      const area = (ranks - (right.length * (right.length + 1)) / 2) / (left.length * right.length);
      return Math.max(area, 1 - area);
    }

    const samples = 300;
    const statistics: Readonly<Record<string, () => Promise<readonly (() => Ask)[]>>> = {
      'sign-ins': async () => {
        // Every guess at another account: none gets locked.
        const [there, suspended] = [
          Array.from({ length: samples }, newEmail),
          Array.from({ length: samples }, newEmail),
        ];
        await each(there, (email) => newUser({ email, password, verified: true }), 4);
        await each(
          suspended,
          async (email) => command(await newUser({ email, password, verified: true }), 'suspend', { reason: 'x' }),
          4,
        );
        const of = (next: () => string | undefined, secret: string) => () => {
          const identifier = next() ?? '';
          return () => signIn(annal, identifier, secret);
        };
        return [of(() => there.pop(), wrongPassword), of(newEmail, wrongPassword), of(() => suspended.pop(), password)];
      },
      registrations: async () => {
        const there = Array.from({ length: samples }, newEmail);
        await each(there, (email) => newUser({ email, password, verified: true }), 4);
        const of = (next: () => string | undefined) => () => {
          const email = next() ?? '';
          return () => annal.call('POST', `${api}/registrations`, { body: { email, password } });
        };
        return [of(() => there.pop()), of(newEmail)];
      },
      'requests for a reset': async () => {
        const there = Array.from({ length: samples }, newEmail);
        await each(there, (email) => newUser({ email, password, verified: true }), 4);
        const of = (next: () => string | undefined) => () => {
          const identifier = next() ?? '';
          return () => annal.call('POST', `${api}/password-resets`, { body: { identifier } });
        };
        return [of(() => there.pop()), of(newEmail)];
      },
    };

    for (const [name, prepare] of Object.entries(statistics)) {
      it(`VC-11: the times of ${name} tell nobody apart`, async function () {
        this.timeout(600_000);
        const classes = await prepare();
        pace.time = new SteadyPace();
        const times = classes.map((): number[] => []);
        const turns = Array.from({ length: samples * classes.length }, (_, index) => index);
        await each(
          turns,
          async (turn) => {
            const kind = turn % classes.length;
            const ask = (classes[kind] as () => Ask)();
            const started = performance.now();
            await ask();
            times[kind]?.push(performance.now() - started);
          },
          3,
        );
        pace.time = undefined;
        const [first = [], ...others] = times;
        for (const other of others) expect(telling(first, other)).to.be.at.most(0.6);
      });
    }
  }
});
