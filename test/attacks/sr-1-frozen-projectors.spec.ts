import { expect } from 'chai';
import { Annal, type Answer, password } from '../support/annal.js';
import {
  again,
  each,
  full,
  isActive,
  many,
  me,
  newClient,
  nextMail,
  refresh,
  statuses,
  times,
} from '../support/attacking.js';
import { caughtUp } from '../support/invariants.js';
import { api, newEmail, newPerson, root, signIn, type Tokens, unproved } from '../support/people.js';
import { closings, Holders, letsIn, type Way, ways } from './disabled-entities.js';

/** What can be told from an answer about a decision. */
const told = ({ status, body }: Answer<unknown>): string => {
  const { code, active, next } = (body ?? {}) as { code?: string; active?: boolean; next?: string };
  return [status, code, active, next].filter((part) => part !== undefined).join(' ');
};

type Outcome = Readonly<Record<string, unknown>>;
/** Prepares with projectors where there are any, and then plays: on read models that no longer learn anything, where they are frozen. */
type Scenario = (annal: Annal, holders: Holders) => Promise<() => Promise<Outcome>>;

const wrong = 'this is not it, is it now';
const users = '/api/v1/tenants/default/users';
const post = (annal: Annal, path: string, body: object, token?: string) =>
  annal.call('POST', path, { body, ...(token !== undefined && { token }) });

let names = 0;
const newUsername = (): string => `ada.frozen${++names}`;

const scenarios: Readonly<Record<string, Scenario>> = {
  'VC-03: a refresh token is posted by many at once and replayed': async (annal) => {
    const resource = await newClient(annal, true);
    const person = await newPerson(annal);
    return async () => {
      const answers = await many(times(10, 50), () => refresh(annal, person.refreshToken));
      const winner = answers.find(({ status }) => status === 200)?.body;
      return {
        answers: statuses(answers),
        successor: told(await refresh(annal, winner?.refreshToken ?? '')),
        active: await isActive(annal, resource, winner?.accessToken ?? ''),
        bearer: told(await me(annal, winner?.accessToken ?? '')),
      };
    };
  },
  'VC-04: what works once is used by many at once': async (annal) => {
    const email = await unproved(annal);
    const { code } = await annal.mail(email, 'verify-email');
    const { flow } = (await signIn(annal, email)).body;
    const person = await newPerson(annal);
    await post(annal, `${api}/password-resets`, { identifier: person.email });
    const { token } = await annal.mail(person.email, 'reset-password');
    return async () => {
      const count = times(8, 50);
      const reset = (index: number) =>
        post(annal, `${api}/password-resets/confirm`, { token, password: `the ${index}th new password of somebody` });
      const flows = await many(count, () => post(annal, `${api}/sign-in/continue`, { flow, code }));
      const resets = await many(count, reset);
      return {
        flows: flows.filter(({ status }) => status === 200).length,
        flow: told(await post(annal, `${api}/sign-in/continue`, { flow, code })),
        resets: resets.filter(({ status }) => status === 204).length,
        reset: told(await reset(count)),
        old: told(await signIn(annal, person.email)),
        bearer: told(await me(annal, person.accessToken)),
      };
    };
  },
  'VC-06, VC-12: an administrator is appointed and dismissed': async (annal) => {
    const admin = await root(annal);
    const person = await newPerson(annal);
    const command = (name: string, { user }: { user: string } = person) =>
      annal.call('POST', `${users}/${user}/${name}`, { token: admin });
    // Not a list: read models that never began answer none.
    const administers = async () =>
      told(await annal.call('GET', `${api}/users/${person.user}`, { token: person.accessToken }));
    // The last administrator of a tenant cannot be dismissed.
    await command('appoint-administrator', await newPerson(annal));
    await command('appoint-administrator');
    return async () => ({
      appointed: await administers(),
      dismissed: told(await command('dismiss-administrator')),
      afterwards: await administers(),
    });
  },
  'VC-07, VC-09: an account is locked by guesses and recovered by mail': async (annal) => {
    const person = await newPerson(annal);
    return async () => {
      const guesses = await many(times(15, 200), () => signIn(annal, person.email, wrong));
      const locked = await signIn(annal, person.email);
      await post(annal, `${api}/password-resets`, { identifier: person.email });
      const { token, code } = await nextMail(annal, person.email, 'reset-password', '');
      const confirm = (proof: object) =>
        post(annal, `${api}/password-resets/confirm`, { ...proof, password: `${password} changed` });
      return {
        guesses: statuses(guesses),
        locked: told(locked),
        recovered: told(await confirm({ token })),
        again: told(await confirm({ token })),
        code: told(await confirm({ identifier: person.email, code })),
        old: told(await signIn(annal, person.email)),
        new: told(await signIn(annal, person.email, `${password} changed`)),
        session: told(await me(annal, person.accessToken)),
      };
    };
  },
  'VC-09: an administrator unlocks an account': async (annal) => {
    const admin = await root(annal);
    const person = await newPerson(annal);
    await each(Array.from({ length: 10 }), () => signIn(annal, person.email, wrong));
    return async () => ({
      locked: told(await signIn(annal, person.email)),
      unlocked: told(await annal.call('POST', `${users}/${person.user}/unlock`, { token: admin })),
      afterwards: told(await signIn(annal, person.email)),
    });
  },
  'VC-11: somebody asks who is there': async (annal) => {
    const admin = await root(annal);
    const person = await newPerson(annal);
    const suspended = await newPerson(annal);
    return async () => {
      await post(annal, `${users}/${suspended.user}/suspend`, { reason: 'x' }, admin);
      const fresh = newEmail();
      await post(annal, `${api}/registrations`, { email: fresh, password });
      const about = (email: string) => ({
        signIn: () => signIn(annal, email, wrong),
        register: () => post(annal, `${api}/registrations`, { email, password }),
        reset: () => post(annal, `${api}/password-resets`, { identifier: email }),
        verify: () => post(annal, `${api}/verifications`, { email }),
        create: () => post(annal, users, { email }, admin),
      });
      const outcome: Record<string, string> = {};
      for (const [who, email] of Object.entries({
        there: person.email,
        suspended: suspended.email,
        fresh,
        nobody: 'nobody.at.all@example.com',
      })) {
        for (const [what, ask] of Object.entries(about(email))) outcome[`${what}, ${who}`] = told(await ask());
      }
      return outcome;
    };
  },
  'VC-13: sessions are listed, ended one by one, all but one, and by a new password': async (annal) => {
    const person = await newPerson(annal);
    const [phone, tablet] = [await again(annal, person), await again(annal, person)];
    return async () => {
      const laptop = await again(annal, person);
      const token = laptop.accessToken;
      const listed = await annal.call<{ sessions: readonly object[] }>('GET', `${api}/me/sessions`, { token });
      const ended = await annal.call('DELETE', `${api}/me/sessions/${phone.session}`, { token });
      const bearers = async () => {
        const answers = await Promise.all([person, phone, tablet, laptop].map((one) => me(annal, one.accessToken)));
        return answers.map(told);
      };
      const afterOne = await bearers();
      await annal.call('DELETE', `${api}/me/sessions?which=others`, { token });
      const afterOthers = await bearers();
      const changed = await annal.call<Tokens>('POST', `${api}/me/password`, {
        body: { current: password, password: `${password} new` },
        token,
      });
      return {
        ...{ listed: [listed.status, listed.body.sessions?.length], ended: told(ended), afterOne, afterOthers },
        ...{
          changed: told(changed),
          afterChange: await bearers(),
          new: told(await me(annal, changed.body.accessToken)),
        },
        ...{ refresh: told(await refresh(annal, laptop.refreshToken)), old: told(await signIn(annal, person.email)) },
      };
    };
  },
  'VC-33: names are given up, taken by others and asked for at once': async (annal) => {
    const admin = await root(annal);
    const [email, username] = [newEmail(), newUsername()];
    const created = await annal.call<{ id: string }>('POST', users, {
      body: { email, username, password, verified: true },
      token: admin,
    });
    return async () => {
      const taken = await post(annal, `${api}/registrations`, { email: newEmail(), username, password });
      const erased = await annal.call('DELETE', `${users}/${created.body.id}`, { token: admin });
      const gone = await signIn(annal, username);
      const free = newEmail();
      const race = await many(6, () => post(annal, users, { email: free, password, verified: true }, admin));
      return {
        ...{ taken: told(taken), erased: told(erased), gone: told(gone), race: statuses(race) },
        ...{ again: told(await post(annal, users, { email, username, password, verified: true }, admin)) },
        ...{ own: told(await signIn(annal, username)) },
      };
    };
  },
};

/** The rows of VC-12: what was closed after everything was seen, or not seen, is closed. */
const ofClosings = closings
  .filter((_, index) => full || index % 5 === 0)
  .map(({ name, about, close, free }): [string, Scenario] => [
    `VC-12: ${name}`,
    async (_, holders) => {
      const held = await holders.holding(about);
      return async () => {
        const outcome: Record<string, unknown> = { closed: told(await close(held)) };
        for (const way of Object.keys(ways) as Way[]) {
          const answers = await ways[way](held);
          expect(letsIn(answers), `${name}: ${way}`).to.equal(free?.includes(way) ?? false);
          outcome[way] = answers.map(told);
        }
        return outcome;
      };
    },
  ]);

/** Read models that learn of everything at once, of nothing any more, or have never learned anything. */
type Projectors = 'live' | 'frozen' | 'absent';

/** Somebody is quicker than the read models. */
describe('attacks while no projector runs', () => {
  const all = [...Object.entries(scenarios), ...ofClosings];

  async function play(projectors: Projectors): Promise<Readonly<Record<string, Outcome>>> {
    const annal = await Annal.start(projectors === 'absent' ? { roles: ['api', 'outbox'] } : {});
    try {
      const holders = await Holders.of(annal);
      const prepared = await each(all, ([, prepare]) => prepare(annal, holders), 4);
      if (projectors !== 'absent') await caughtUp(annal.container);
      if (projectors === 'frozen') await annal.freezeProjectors();
      const before = await projected(annal);
      const outcomes = await each(prepared, (attack) => attack(), 4);
      // The test of the test: nothing was projected meanwhile.
      if (projectors !== 'live') expect(await projected(annal)).to.equal(before);
      return Object.fromEntries(all.map(([name], index) => [name, outcomes[index] as Outcome]));
    } finally {
      await annal.stop();
    }
  }

  async function projected(annal: Annal): Promise<string> {
    const { rows } = await annal.database.pool.query<{ events: string }>(
      `select coalesce(string_agg(model || ' ' || coalesce(position, ''), ', ' order by model), '') as events
         from projection_checkpoints where model <> 'outbox'`,
    );
    return rows[0]?.events ?? '';
  }

  it('SR-1: read models that stand still, or never began, change no outcome', async function () {
    this.timeout(full ? 600_000 : 120_000);
    const [live, frozen, absent] = await Promise.all((['live', 'frozen', 'absent'] as const).map(play));
    expect(Object.keys(live ?? {})).to.have.length(all.length);
    expect(frozen).to.deep.equal(live);
    expect(absent).to.deep.equal(live);
  });
});
