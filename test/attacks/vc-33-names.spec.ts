import { expect } from 'chai';
import type { UserEvent } from '../../src/domain/user/events.js';
import { reveal } from '../../src/domain/values.js';
import { Annal, password } from '../support/annal.js';
import { each, eventsAfter, full, many, settle, statuses, tally, times, typesAfter } from '../support/attacking.js';
import { api, newPerson, root, signIn } from '../support/people.js';

type Registered = Extract<UserEvent, { type: 'user.registered' }>;

const users = '/api/v1/tenants/default/users';

const wide = (text: string): string =>
  text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));

let addresses = 0;
/** One address, and all the ways in which it can be written. */
function spelled(): Readonly<{ email: string; spellings: readonly string[] }> {
  const number = ++addresses;
  const email = `josé.finn${number}@bücher.example`;
  return {
    email,
    spellings: [
      email,
      email.toUpperCase(),
      email.normalize('NFD'),
      email.normalize('NFD').toUpperCase(),
      ` ${email}\t`,
      email.replace('@', '＠'),
      email.replace('@', '﹫'),
      wide(email),
      email.replace('fi', 'ﬁ'),
      email.replace('.finn', '．finn'),
      email.replace('bücher.example', 'xn--bcher-kva.example'),
      email.replace('bücher.example', 'BÜCHER。example'),
      email.replace('josé', 'JosÉ'),
    ],
  };
}

/** What mail servers, databases and people read in different ways, or not at all. */
const refused: readonly string[] = [
  ...['a@b@c.example', '"a@b"@c.example', 'ada@evil.example＠example.com', 'ada@evil.example﹫example.com'],
  ...[
    'ada@example.com\r\nbcc:eve@example.com',
    'ada@example.com\u0000',
    'ada\u200b@example.com',
    'ada\u00ad@example.com',
  ],
  ...['\u202emoc.elpmaxe@ada', 'ada@example.com,eve@example.com', 'ada@example.com;eve@example.com'],
  ...['Ada <ada@example.com>', 'ada@example.com(eve)', 'ada@[127.0.0.1]', 'ada@127.0.0.1', 'ada@localhost'],
  ...['ada@example.com.', 'ada@exa mple.com', 'ada@example.com%00.evil.example', 'ada@', '@example.com', 'ada'],
  ...['ada\'@example.com"', 'ada\ud83d@example.com', 'ada@example\u3164.com', 'ada@example.com/..', '＠'],
];

/** Somebody writes a name that is taken in a way that looks free, or looks like another's. */
describe('attacks with names', () => {
  let annal: Annal;
  let elsewhere: Annal;
  let admin: string;

  before(async () => {
    annal = await Annal.start();
    elsewhere = await annal.another();
    admin = await root(annal);
  });
  after(() => annal.stop());

  const either = (index: number): Annal => (index % 2 === 0 ? annal : elsewhere);
  const register = (body: object, at = annal) => at.call('POST', `${api}/registrations`, { body });
  const passwordOf = (index: number): string => `the password of contender ${index}`;
  /** All that an answer tells but its request id. */
  const uniform = (text: string): string => text.replace(/"instance":"[^"]*"/, '');

  it('VC-33: an address has one owner in all its spellings, and every spelling lets the owner in', async () => {
    const { spellings } = spelled();
    const [first = '', ...others] = spellings;
    const created = await annal.call<{ id: string }>('POST', users, {
      body: { email: first, password, verified: true },
      token: admin,
    });
    expect(created.status, created.text).to.equal(201);
    const before = await annal.head();
    const answers = await each(spellings, (email) => register({ email, password: `${password} of a thief` }));
    expect(tally(answers.map(({ text }) => uniform(text)))).to.deep.equal({
      '{"status":"accepted"}': spellings.length,
    });
    const again = await each(others, (email) =>
      annal.call('POST', users, { body: { email, password, verified: true }, token: admin }),
    );
    expect(statuses(again)).to.deep.equal({ 409: others.length });
    expect(await typesAfter(annal, before)).not.to.include('user.registered');
    for (const spelling of spellings) {
      const { status, body } = await signIn(annal, spelling);
      expect([status, body.tokens?.user], spelling).to.deep.equal([200, created.body.id]);
    }
  });

  it('VC-33: an address becomes nobody’s second one by a change of it, whatever its spelling', async () => {
    const { email, spellings } = spelled();
    await annal.call('POST', users, { body: { email, password, verified: true }, token: admin });
    const thief = await newPerson(annal);
    await settle(annal, 'default', { verification: { perHour: 100 } });
    for (const value of spellings) {
      const body = { value, currentPassword: password };
      const { status } = await annal.call('PUT', `${api}/me/email`, { body, token: thief.accessToken });
      expect(status, value).to.be.oneOf([200, 409]);
    }
    expect((await signIn(annal, email)).body.tokens?.user).not.to.equal(thief.user);
    expect((await signIn(annal, thief.email)).body.tokens?.user).to.equal(thief.user);
    await settle(annal, 'default', {});
  });

  it('VC-33: what is read in two ways is no address, at any door; nothing is recorded and nobody is written to', async () => {
    const before = await annal.head();
    const doors: Readonly<Record<string, (email: string) => Promise<{ status: number }>>> = {
      registration: (email) => register({ email, password }),
      creation: (email) => annal.call('POST', users, { body: { email, password }, token: admin }),
    };
    for (const [name, open] of Object.entries(doors)) {
      const answers = await each(refused, (email) => open(email));
      expect(
        refused.filter((_, index) => ![400, 422].includes(answers[index]?.status ?? 0)),
        name,
      ).to.deep.equal([]);
    }
    expect(await annal.head()).to.equal(before);
    // Where anything can be typed, `ada` may be a user name; the others are refused.
    const asked = await each(refused, (identifier) =>
      annal.call('POST', `${api}/password-resets`, { body: { identifier } }),
    );
    expect(Object.keys(statuses(asked))).to.have.members(['202', '400', '422']);
    expect(statuses(asked)[202]).to.equal(1);
    expect(await annal.head()).to.equal(before);
  });

  it('VC-33: a letter that only looks like another makes another name, not the same', async () => {
    const there = { email: 'paypal@example.com', username: 'paypal' };
    await annal.call('POST', users, { body: { ...there, password, verified: true }, token: admin });
    for (const [field, likeness] of [
      ['username', 'pаypal'],
      ['username', 'ρaypal'],
      ['username', 'paypaⅼ\u200d'],
    ] as const) {
      const { status } = await register({ email: 'likeness@example.com', [field]: likeness, password });
      expect(status, likeness).to.equal(422);
    }
    for (const likeness of ['pаypal@example.com', 'paypal@exаmple.com']) {
      expect((await signIn(annal, likeness)).status, likeness).to.equal(401);
    }
  });

  it('FI-13: a hundred register one address at once, in all its spellings, at two instances; one account, and nobody learns which', async function () {
    this.timeout(full ? 3_600_000 : 60_000);
    for (let round = 0; round < times(3, 500); round += 1) {
      const { email, spellings } = spelled();
      const before = await annal.head();
      const answers = await many(100, (index) =>
        register(
          { email: spellings[index % spellings.length], password: passwordOf(index), firstName: `Ada ${index}` },
          either(index),
        ),
      );
      expect(tally(answers.map(({ status, text }) => `${status} ${uniform(text)}`)), `round ${round}`).to.deep.equal({
        '202 {"status":"accepted"}': 100,
      });
      const events = await eventsAfter(annal, before);
      const registered = events.filter(({ event }) => event.type === 'user.registered');
      expect(registered, `round ${round}`).to.have.length(1);
      expect(events.filter(({ event }) => event.type === 'claim.held')).to.have.length(1);
      expect(events.filter(({ event }) => event.type === 'credentials.password-set')).to.have.length(1);
      // Told so many times an hour, and no more.
      const repeated = events.filter(({ event }) => event.type === 'user.registration-repeated');
      expect(repeated.length).to.be.within(1, 5);
      // The password is that of the contender who has the account.
      const { firstName = '' } = reveal((registered[0]?.event as Registered).profile) ?? {};
      const winner = Number(firstName.replace('Ada ', ''));
      const { token } = await annal.mail(email, 'verify-email');
      await annal.call('POST', `${api}/verifications/confirm`, { body: { token } });
      expect((await signIn(annal, email, passwordOf(winner))).body.status).to.equal('signed-in');
      expect((await signIn(annal, email, passwordOf((winner + 1) % 100))).status).to.equal(401);
    }
  });

  it('FI-13: administrators create one account at once; one is told so, the others that the name is taken', async () => {
    for (const kind of ['email', 'username', 'phone'] as const) {
      const one = { email: spelled().email, username: `ada.race${addresses}`, phone: '+493090187711' }[kind];
      const spellings = [one, one.toUpperCase(), wide(one), ` ${one}`];
      const answers = await many(times(24, 100), (index) =>
        either(index).call('POST', users, {
          body: {
            email: `racer${kind}${index}@example.com`,
            [kind]: spellings[index % spellings.length],
            password,
            verified: true,
          },
          token: admin,
        }),
      );
      expect(statuses(answers), kind).to.deep.equal({ 201: 1, 409: times(24, 100) - 1 });
      expect((await signIn(annal, one)).status, kind).to.equal(200);
    }
  });
});
