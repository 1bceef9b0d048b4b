import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { each, inTenant, many, nextMail, settle, statuses } from '../support/attacking.js';
import { newEmail, newPerson, newTenant, signIn, unproved } from '../support/people.js';

const threshold = 10;
const triesOfACode = 5;
const wrong = (code: string): string => (code === '123456' ? '654321' : '123456');
type Guess = (code: string) => ReturnType<Annal['call']>;

/** Somebody guesses at codes where the tenant does without lockouts. */
describe('attacks on codes by guessing', () => {
  const slug = 'no-lockout';
  const base = inTenant(slug);
  let annal: Annal;

  before(async () => {
    annal = await Annal.start();
    await newTenant(annal, slug);
    await settle(annal, slug, { lockout: { enabled: false }, verification: { perHour: 100 } });
  });
  after(() => annal.stop());

  const post = (path: string, body: object, token?: string) =>
    annal.call('POST', base + path, { body, ...(token !== undefined && { token }) });

  /** A code that waits to be typed: how to send it to each door that takes it, and how to have a new one sent. */
  type Waiting = Readonly<{ first: string; doors: readonly Guess[]; another: () => Promise<string> }>;

  async function mails(email: string, kind: string, ask: () => Promise<unknown>) {
    let known = '';
    return async (): Promise<string> => {
      await ask();
      const mail = await nextMail(annal, email, kind, known);
      known = mail.token;
      return mail.code;
    };
  }

  const codes: Readonly<Record<string, () => Promise<Waiting>>> = {
    'the code of a registration': async () => {
      const email = newEmail();
      await post('/registrations', { email, password });
      const { code, token } = await annal.mail(email, 'verify-email');
      const doors = [(guess: string) => post('/verifications/confirm', { email, code: guess })];
      const resend = async () => {
        await post('/verifications', { email });
        return (await nextMail(annal, email, 'verify-email', token)).code;
      };
      return { first: code, doors, another: resend };
    },
    'the code of an account that an administrator made': async () => {
      const email = await unproved(annal, newEmail(), slug);
      const { code, token } = await annal.mail(email, 'verify-email');
      const { flow } = (await signIn(annal, email, password, base)).body;
      const doors = [
        (guess: string) => post('/verifications/confirm', { email, code: guess }),
        (guess: string) => post('/sign-in/continue', { flow, code: guess }),
      ];
      const resend = async () => {
        await post('/verifications', { email });
        return (await nextMail(annal, email, 'verify-email', token)).code;
      };
      return { first: code, doors, another: resend };
    },
    'the code of a new address': async () => {
      const { accessToken } = await newPerson(annal, newEmail(), base);
      const value = newEmail();
      const change = { value, currentPassword: password };
      await annal.call('PUT', `${base}/me/email`, { body: change, token: accessToken });
      const { code, token } = await annal.mail(value, 'verify-email');
      const doors = [(guess: string) => post('/me/email/verification/confirm', { code: guess }, accessToken)];
      const resend = async () => {
        await annal.call('POST', `${base}/me/email/verification`, { token: accessToken });
        return (await nextMail(annal, value, 'verify-email', token)).code;
      };
      return { first: code, doors, another: resend };
    },
    'the code of a reset': async () => {
      const { email } = await newPerson(annal, newEmail(), base);
      const send = await mails(email, 'reset-password', () => post('/password-resets', { identifier: email }));
      const doors = [
        (guess: string) =>
          post('/password-resets/confirm', { identifier: email, code: guess, password: `${password} 2` }),
      ];
      return { first: await send(), doors, another: send };
    },
  };
  const right = (status: number): boolean => status === 200 || status === 204;

  for (const [name, begin] of Object.entries(codes)) {
    it(`VC-09: a guesser sends two hundred guesses at ${name} at once; ten are admitted, the code is dead, a new one works`, async () => {
      const { first, doors, another } = await begin();
      const at = (index: number): Guess => doors[index % doors.length] as Guess;
      const answers = await many(200, (index) => at(index)(wrong(first)));
      expect(statuses(answers)).to.deep.equal({ 400: threshold, 429: 200 - threshold });
      for (const guess of doors) expect((await guess(first)).status).to.equal(429);

      annal.clock.advance(31);
      expect((await at(0)(first)).body).to.include({ code: 'invalid-proof' });
      const newer = await another();
      annal.clock.advance(61);
      expect((await at(1)(newer)).status).to.satisfy(right);
    });

    it(`VC-09: a guesser stays below ten guesses at ${name}; the fifth wrong one ends it, the fourth does not`, async () => {
      const four = await begin();
      for (let tried = 1; tried < triesOfACode; tried += 1) await four.doors[0]?.(wrong(four.first));
      expect((await four.doors[0]?.(four.first))?.status).to.satisfy(right);

      const five = await begin();
      for (let tried = 0; tried < triesOfACode; tried += 1) await five.doors[0]?.(wrong(five.first));
      expect((await five.doors[0]?.(five.first))?.body).to.include({ code: 'invalid-proof' });
    });
  }

  it('VC-09: a guesser has code after code sent, as many as the tenant allows; guesses are counted over all of them', async () => {
    const { email } = await newPerson(annal, newEmail(), base);
    const send = await mails(email, 'reset-password', () => post('/password-resets', { identifier: email }));
    const seen: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const code = await send();
      for (let guess = 0; guess < triesOfACode; guess += 1) {
        const body = { identifier: email, code: wrong(code), password: `${password} 2` };
        seen.push((await post('/password-resets/confirm', body)).status);
      }
    }
    expect(seen).to.deep.equal([...Array<number>(threshold).fill(400), ...Array<number>(threshold).fill(429)]);
  });

  it('passwords stay without lockouts, as the tenant chose', async () => {
    const { email } = await newPerson(annal, newEmail(), base);
    const answers = await each(Array.from({ length: 3 * threshold }), () => signIn(annal, email, 'not it', base));
    expect(statuses(answers)).to.deep.equal({ 401: 3 * threshold });
    expect((await signIn(annal, email, password, base)).status).to.equal(200);
  });
});
