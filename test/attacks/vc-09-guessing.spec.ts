import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import {
  again,
  each,
  inTenant,
  many,
  me,
  nextMail,
  refresh,
  settle,
  statuses,
  times,
  typesAfter,
} from '../support/attacking.js';
import { CountingHasher } from '../support/counting-hasher.js';
import { api, newEmail, newPerson, newTenant, root, signIn, type Tokens, unproved } from '../support/people.js';

const threshold = 10;

/** Somebody guesses, and looks for a door at which nobody counts. */
describe('attacks by guessing', () => {
  const hasher = new CountingHasher();
  let annal: Annal;
  let admin: string;

  before(async () => {
    annal = await Annal.start({ hasher });
    admin = await root(annal);
  });
  after(() => annal.stop());

  let named = 0;
  /** An account with all three kinds of names, and every way to write them. */
  async function manyNames(): Promise<Readonly<{ user: string; spellings: readonly string[] }>> {
    const number = ++named;
    const names = {
      email: `ada.many${number}@example.com`,
      username: `adamany${number}`,
      phone: `+49309018${1000 + number}`,
    };
    const { body, status } = await annal.call<{ id: string }>('POST', '/api/v1/tenants/default/users', {
      body: { ...names, password, verified: true },
      token: admin,
    });
    expect(status).to.equal(201);
    const { email, username, phone } = names;
    const wide = (text: string) =>
      text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
    return {
      user: body.id,
      spellings: [
        ...[
          email,
          email.toUpperCase(),
          ` ${email} `,
          email.replace('@', '＠'),
          wide(email),
          email.replace('ada', 'aDA'),
        ],
        ...[username, username.toUpperCase(), `  ${username}`, wide(username)],
        ...[phone, `+49 30 9018-${1000 + number}`, wide(phone), `+49 (30) 9018${1000 + number}`],
      ],
    };
  }

  const wrong = (identifier: string, more: object = {}) =>
    signIn(annal, identifier, 'this is not it, is it now', api, more);

  it('VC-09: a guesser writes one name in fourteen ways; there is one counter for all of them', async () => {
    const { spellings } = await manyNames();
    expect((await signIn(annal, spellings[0] ?? '')).status).to.equal(200);
    const tries = Array.from({ length: threshold }, (_, index) => spellings[(index * 5) % spellings.length] ?? '');
    const hashes = await hasher.during(async () => {
      for (const spelling of tries) expect((await wrong(spelling)).status, spelling).to.equal(401);
      for (const spelling of spellings) expect((await signIn(annal, spelling)).status, spelling).to.equal(429);
    });
    expect(hashes).to.equal(threshold);
  });

  it('VC-09: a guesser sends two hundred guesses at once; ten are verified, the rest refused, none lost', async () => {
    const nobody = ['nobody@example.com', 'NOBODY@example.com'];
    for (const [spellings, guesses] of [
      [(await manyNames()).spellings, 200],
      [nobody, times(50, 200)],
    ] as const) {
      const before = await annal.head();
      let answers: Awaited<ReturnType<typeof wrong>>[] = [];
      const hashes = await hasher.during(async () => {
        answers = await many(guesses, (index) => wrong(spellings[index % spellings.length] ?? ''));
      });
      expect(statuses(answers)).to.deep.equal({ 401: threshold, 429: guesses - threshold });
      expect(hashes).to.equal(threshold);
      const types = await typesAfter(annal, before);
      expect(types.filter((type) => type === 'signin.failed')).to.have.length(threshold);
      expect(types.filter((type) => type === 'signin.refused')).to.have.length(guesses - threshold);
    }
  });

  it('VC-09: a guesser takes turns with the owner’s other doors; a locked account gives no token at any of them', async () => {
    const person = await newPerson(annal);
    const reset = async () => {
      await annal.call('POST', `${api}/password-resets`, { body: { identifier: person.email } });
      return annal.mail(person.email, 'reset-password');
    };
    const { token } = await reset();
    await each(Array.from({ length: threshold }), () => wrong(person.email));
    expect((await signIn(annal, person.email)).status).to.equal(429);
    expect((await signIn(annal, person.email, password, api, { deviceToken: 'annal_dt_made-up' })).status).to.equal(
      429,
    );
    // Whoever is in stays in, or guessing would be a way to sign people out.
    expect((await refresh(annal, person.refreshToken)).status).to.equal(200);
    // The proof of the mailbox lifts the lock, and the old password is worth nothing.
    const changed = `${password} changed`;
    expect(
      (await annal.call('POST', `${api}/password-resets/confirm`, { body: { token, password: changed } })).status,
    ).to.equal(204);
    expect((await signIn(annal, person.email)).status).to.equal(401);
    expect((await signIn(annal, person.email, changed)).status).to.equal(200);
  });

  it('VC-09: a thief of an access token guesses at the password change and at the erasure; they count, and they are one', async () => {
    const person = await newPerson(annal);
    const change = (current: string) =>
      annal.call<Tokens>('POST', `${api}/me/password`, {
        body: { current, password: `${password} 2` },
        token: person.accessToken,
      });
    const erase = (typed: string) =>
      annal.call('POST', `${api}/me/erase`, { body: { password: typed }, token: person.accessToken });
    const answers = await each(
      Array.from({ length: 60 }, (_, index) => index),
      (index) => (index % 2 === 0 ? change(`guess number ${index}`) : erase(`guess number ${index}`)),
    );
    expect(statuses(answers)).to.deep.equal({ 403: threshold, 429: 50 });
    expect((await change(password)).status).to.equal(429);
    expect((await erase(password)).status).to.equal(429);
    expect((await me(annal, person.accessToken)).status).to.equal(200);
  });

  it('VC-09: a guesser uses the rule against old passwords to ask about the present one; it says nothing before the proof', async () => {
    const slug = 'history';
    const base = inTenant(slug);
    await newTenant(annal, slug);
    await settle(annal, slug, { password: { history: 5 } });
    const person = await newPerson(annal, newEmail(), base);
    const guesses = [password, 'this is not it, is it now', 'short', person.email];

    const confirm = (guess: string) =>
      annal.call('POST', `${base}/password-resets/confirm`, {
        body: { identifier: person.email, code: '000000', password: guess },
      });
    const nobody = (guess: string) =>
      annal.call('POST', `${base}/password-resets/confirm`, {
        body: { identifier: 'nobody@example.com', code: '000000', password: guess },
      });
    for (const ask of [confirm, nobody]) {
      for (const guess of guesses) {
        const hashes = await hasher.during(async () => {
          expect((await ask(guess)).body).to.include({ code: 'invalid-proof' });
        });
        expect(hashes).to.equal(0);
      }
    }
    const change = (guess: string) =>
      annal.call('POST', `${base}/me/password`, { body: { current: 'x', password: guess }, token: person.accessToken });
    for (const guess of guesses) expect((await change(guess)).body).to.include({ code: 'wrong-password' });
    await each(Array.from({ length: threshold - guesses.length }), () => change('x'));
    for (const guess of guesses) expect((await change(guess)).body).to.include({ code: 'too-many-attempts' });
  });

  it('VC-09: a guesser asks for code after code and guesses at each; guesses are counted over all codes, links still work', async () => {
    const person = await newPerson(annal);
    const confirm = (code: string) =>
      annal.call('POST', `${api}/password-resets/confirm`, {
        body: { identifier: person.email, code, password: `${password} 3` },
      });
    let known = '';
    let mail = { code: '', token: '' };
    const seen: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      await annal.call('POST', `${api}/password-resets`, { body: { identifier: person.email } });
      mail = await nextMail(annal, person.email, 'reset-password', known);
      known = mail.token;
      const other = mail.code === '123456' ? '654321' : '123456';
      for (let guess = 0; guess < 5; guess += 1) seen.push((await confirm(other)).status);
    }
    expect(seen).to.deep.equal([...Array(threshold).fill(400), ...Array(5).fill(429)]);
    expect((await confirm(mail.code)).status).to.equal(429);
    const byLink = await annal.call('POST', `${api}/password-resets/confirm`, {
      body: { token: mail.token, password: `${password} 4` },
    });
    expect(byLink.status).to.equal(204);
  });

  it('VC-09: a guesser verifies an address that is not theirs; codes of verifications count at every endpoint', async () => {
    const email = await unproved(annal);
    const first = await annal.mail(email, 'verify-email');
    const { flow } = (await signIn(annal, email)).body;
    const doors = [
      (code: string) => annal.call('POST', `${api}/verifications/confirm`, { body: { email, code } }),
      (code: string) => annal.call('POST', `${api}/sign-in/continue`, { body: { flow, code } }),
    ];
    const guess = async (mail: { code: string }, count: number) => {
      const other = mail.code === '123456' ? '654321' : '123456';
      const answers = [];
      for (let index = 0; index < count; index += 1) answers.push(await (doors[index % 2] as (typeof doors)[0])(other));
      return statuses(answers);
    };
    expect(await guess(first, 5)).to.deep.equal({ 400: 5 });
    expect((await doors[0]?.(first.code))?.status).to.equal(400);
    await annal.call('POST', `${api}/verifications`, { body: { email } });
    const second = await nextMail(annal, email, 'verify-email', first.token);
    expect(await guess(second, 6)).to.deep.equal({ 400: 4, 429: 2 });
    for (const door of doors) expect((await door(second.code)).status).to.equal(429);
  });

  it('VC-09: a guesser begins while the owner signs in over and over; what was right gives back its own try only', async () => {
    const person = await newPerson(annal);
    const answers = await many(40, (index) =>
      (index % 4 === 0 ? again(annal, person).then(() => undefined) : wrong(person.email)).catch(() => undefined),
    );
    const failed = answers.flatMap((answer) => (answer ? [answer] : []));
    const successes = 10;
    // Every success may clear what was counted before it, and nothing after it.
    expect(failed.filter(({ status }) => status === 401).length).to.be.at.most(threshold * (successes + 1));
    expect(failed.every(({ status }) => [401, 429].includes(status))).to.equal(true);
  });
});
