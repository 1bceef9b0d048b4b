import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { again, inTenant, me, nextMail, refresh } from '../support/attacking.js';
import { newEmail, newPerson, type Person, type SignInBody, signIn, type Tokens, unproved } from '../support/people.js';

/** Somebody brings, keeps or guesses what stands for a session. */
describe('attacks on sessions', () => {
  let annal: Annal;
  let victim: Person;

  before(async () => {
    annal = await Annal.start();
    victim = await newPerson(annal);
  });
  after(() => annal.stop());

  const base = inTenant('default');

  it('VC-13: every sign-in, password change and completed step starts a session of its own', async () => {
    const person = await newPerson(annal);
    const first = await again(annal, person);
    const second = await again(annal, person);
    const changed = await annal.call<Tokens>('POST', `${base}/me/password`, {
      body: { current: password, password: `${password} too` },
      token: second.accessToken,
    });
    const sessions = [person.session, first.session, second.session, changed.body.session];
    expect(new Set(sessions).size).to.equal(4);
    for (const { accessToken, refreshToken } of [person, first, second]) {
      expect((await me(annal, accessToken)).status).to.equal(401);
      expect((await refresh(annal, refreshToken)).status).to.equal(400);
    }
    expect((await me(annal, changed.body.accessToken)).status).to.equal(200);
  });

  it('VC-13: a completed sign-in cannot be completed again with its flow', async () => {
    const email = await unproved(annal);
    const { flow } = (await signIn(annal, email)).body;
    const { code } = await annal.mail(email, 'verify-email');
    const finish = () => annal.call<SignInBody>('POST', `${base}/sign-in/continue`, { body: { flow, code } });
    const answers = await Promise.all([finish(), finish(), finish()]);
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    expect((await finish()).status).to.equal(400);
  });

  it('VC-13: a person signs two devices out with one Idempotency-Key; neither session is left to whoever finds the device', async () => {
    const person = await newPerson(annal);
    const other = await again(annal, person);
    const headers = { 'idempotency-key': 'sign-out-of-the-app-0001' };
    for (const { accessToken: token, refreshToken } of [person, other]) {
      expect((await annal.call('POST', `${base}/sign-out`, { token, headers })).status).to.equal(204);
      expect((await me(annal, token)).status).to.equal(401);
      expect((await refresh(annal, refreshToken)).status).to.equal(400);
    }
  });

  it('VC-13: an attacker knows the Idempotency-Key of somebody’s sign-in, and waits until it is forgotten; the session is the attacker’s own', async () => {
    const attacker = await newPerson(annal);
    const headers = { 'idempotency-key': 'sign-in-of-the-app-0001' };
    const send = (email: string) =>
      annal.call<SignInBody>('POST', `${base}/sign-in`, { body: { identifier: email, password }, headers });
    const theirs = (await send(victim.email)).body.tokens as Tokens;
    expect((await send(attacker.email)).status).to.equal(422);
    annal.clock.advance(86_401);
    const own = (await send(attacker.email)).body.tokens as Tokens;
    expect(own.session).not.to.equal(theirs.session);
    expect(own.refreshToken).not.to.equal(theirs.refreshToken);
    const next = await refresh(annal, own.refreshToken);
    expect((await me(annal, next.body.accessToken)).body).to.include({ id: attacker.user });
    expect((await refresh(annal, theirs.refreshToken)).status).to.equal(200);
    annal.clock.advance(-86_401);
  });

  it('VC-13: a thief of an access token repeats a refused password change with its key, once the record is forgotten; it is refused again', async () => {
    const person = await newPerson(annal);
    const headers = { 'idempotency-key': 'change-of-the-app-0001' };
    const body = { current: 'not the password at all', password: `${password} of the thief` };
    const change = async (token: string) => annal.call<Tokens>('POST', `${base}/me/password`, { body, token, headers });
    expect((await change(person.accessToken)).status).to.equal(403);
    annal.clock.advance(86_401);
    const later = await refresh(annal, person.refreshToken);
    const repeated = await change(later.body.accessToken);
    expect([repeated.status, repeated.body.accessToken]).to.deep.equal([403, undefined]);
    annal.clock.advance(-86_401);
  });

  it('VC-13: somebody ends a session that is not theirs; it is not there for them', async () => {
    const stranger = await newPerson(annal);
    const mine = await again(annal, victim);
    const end = (token: string) => annal.call('DELETE', `${base}/me/sessions/${mine.session}`, { token });
    expect((await end(stranger.accessToken)).status).to.equal(404);
    expect((await me(annal, mine.accessToken)).status).to.equal(200);
    expect((await end(mine.accessToken)).status).to.equal(204);
    expect((await me(annal, mine.accessToken)).status).to.equal(401);
  });

  it('VC-13: signing out of all others leaves one session, and it is the caller’s', async () => {
    const person = await newPerson(annal);
    const others = [await again(annal, person), await again(annal, person)];
    await annal.call('DELETE', `${base}/me/sessions?which=others`, { token: person.accessToken });
    for (const { accessToken } of [person, ...others]) {
      expect((await me(annal, accessToken)).status).to.equal(accessToken === person.accessToken ? 200 : 401);
    }
  });

  it('VC-13: a reset link of before a password change or a change of address is worth nothing after it', async () => {
    const person = await newPerson(annal);
    const ask = () => annal.call('POST', `${base}/password-resets`, { body: { identifier: person.email } });
    const use = (token: string) =>
      annal.call('POST', `${base}/password-resets/confirm`, { body: { token, password: `${password} again` } });
    await ask();
    const before = await annal.mail(person.email, 'reset-password');
    const changed = await annal.call<Tokens>('POST', `${base}/me/password`, {
      body: { current: password, password: `${password} new` },
      token: person.accessToken,
    });
    expect((await use(before.token)).status).to.equal(400);

    const moved = newEmail();
    await ask();
    const old = await nextMail(annal, person.email, 'reset-password', before.token);
    await annal.call('PUT', `${base}/me/email`, {
      body: { value: moved, currentPassword: `${password} new` },
      token: changed.body.accessToken,
    });
    const { code } = await annal.mail(moved, 'verify-email');
    const confirmed = await annal.call('POST', `${base}/me/email/verification/confirm`, {
      body: { code },
      token: changed.body.accessToken,
    });
    expect(confirmed.status).to.equal(204);
    expect((await use(old.token)).status).to.equal(400);
  });
});
