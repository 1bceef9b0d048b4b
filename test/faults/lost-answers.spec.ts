import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { Annal, type Answer, password } from '../support/annal.js';
import { me, nextMail, settle, typesAfter } from '../support/attacking.js';
import {
  api,
  newPerson,
  type Person,
  root,
  type SignInBody,
  signedIn,
  signIn,
  type Tokens,
} from '../support/people.js';

const chosen = 'a longer correct horse battery staple';
const later = 'yet another correct horse battery staple';

/** A command succeeded, its answer was lost, and so was the record of it: the log alone knows when the same is sent again. */
describe('a new password whose answer was lost', () => {
  let annal: Annal;

  before(async () => {
    annal = await Annal.start();
    await settle(annal, 'default', { password: { history: 5 } });
  });
  after(() => annal.stop());

  const send = <T = Record<string, unknown>>(
    path: string,
    body: object,
    key: string,
    token?: string,
  ): Promise<Answer<T>> =>
    annal.call<T>('POST', `${api}${path}`, {
      body,
      headers: { 'idempotency-key': key },
      ...(token !== undefined && { token }),
    });

  const forget = (): Promise<unknown> => annal.database.pool.query('delete from idempotency');

  const change = (token: string, key: string): Promise<Answer<Tokens>> =>
    send<Tokens>('/me/password', { current: password, password: chosen }, key, token);

  async function proofs({ email: identifier }: Person): Promise<readonly (readonly [string, object])[]> {
    const asked = await send('/password-resets', { identifier }, randomUUID());
    expect(asked.status).to.equal(202);
    const { token, code } = await annal.mail(identifier, 'reset-password');
    return [
      ['link', { token }],
      ['code', { identifier, code }],
    ];
  }

  it('is answered as before, with the same session, and nothing is done again: a change', async () => {
    const person = await newPerson(annal);
    const key = randomUUID();
    const first = await change(person.accessToken, key);
    expect(first.status, first.text).to.equal(200);
    await forget();

    const { accessToken } = await signedIn(annal, person.email, chosen);
    const before = await annal.head();
    const again = await change(accessToken, key);
    expect(again.status, again.text).to.equal(200);
    expect(again.body.session).to.equal(first.body.session);
    expect(again.headers.get('annal-position')).to.equal(first.headers.get('annal-position'));
    expect((await me(annal, again.body.accessToken)).status).to.equal(200);
    expect(await typesAfter(annal, before)).to.deep.equal([]);
  });

  it('opens nothing by a retry once another has replaced it: a change', async () => {
    const person = await newPerson(annal);
    const key = randomUUID();
    const first = await change(person.accessToken, key);
    const next = await send<Tokens>(
      '/me/password',
      { current: chosen, password: later },
      randomUUID(),
      first.body.accessToken,
    );
    expect(next.status, next.text).to.equal(200);
    await forget();

    const before = await annal.head();
    const again = await change(next.body.accessToken, key);
    expect([again.status, again.body]).to.deep.include(403).and.to.have.nested.property('[1].code', 'wrong-password');
    expect(await typesAfter(annal, before)).to.deep.equal([]);
  });

  for (const [index, by] of ['link', 'code'].entries()) {
    it(`is answered as before, and nothing is done again: a reset by ${by}`, async () => {
      const person = await newPerson(annal);
      const [, proof] = (await proofs(person))[index] as readonly [string, object];
      const key = randomUUID();
      const reset = (): Promise<Answer<unknown>> =>
        send('/password-resets/confirm', { ...proof, password: chosen }, key);
      const first = await reset();
      expect(first.status, first.text).to.equal(204);
      await forget();

      const { accessToken } = await signedIn(annal, person.email, chosen);
      const before = await annal.head();
      const again = await reset();
      expect(again.status, again.text).to.equal(204);
      expect(again.headers.get('annal-position')).to.equal(first.headers.get('annal-position'));
      expect(await typesAfter(annal, before)).to.deep.equal([]);
      expect((await me(annal, accessToken)).status, 'who signed in since').to.equal(200);
      // With another password it is another command, and the proof is spent.
      const other = await send('/password-resets/confirm', { ...proof, password: later }, randomUUID());
      expect([other.status, other.body['code']]).to.deep.equal([400, 'invalid-proof']);
    });
  }

  it('is left alone by a retry of the one before: a reset', async () => {
    const person = await newPerson(annal);
    const [, proof] = (await proofs(person))[0] as readonly [string, object];
    const key = randomUUID();
    const reset = () => send('/password-resets/confirm', { ...proof, password: chosen }, key);
    expect((await reset()).status).to.equal(204);
    const { accessToken } = await signedIn(annal, person.email, chosen);
    const next = await send('/me/password', { current: chosen, password: later }, randomUUID(), accessToken);
    expect(next.status, next.text).to.equal(200);
    await send('/password-resets', { identifier: person.email }, randomUUID());
    const { token } = await nextMail(annal, person.email, 'reset-password', (proof as { token: string }).token);
    await forget();

    expect((await reset()).status).to.equal(204);
    await signedIn(annal, person.email, later);
    const confirmed = await send('/password-resets/confirm', { token, password: password + '!' }, randomUUID());
    expect(confirmed.status, 'the link that was sent since').to.equal(204);
  });

  it('is answered as before, with the same session, and nothing is done again: one that a sign-in asks for', async () => {
    const { email, user } = await newPerson(annal);
    const required = await annal.call('POST', `/api/v1/tenants/default/users/${user}/require-password-change`, {
      token: await root(annal),
    });
    expect(required.status, required.text).to.equal(204);
    const { flow, next } = (await signIn(annal, email)).body;
    expect(next).to.equal('change-password');
    const key = randomUUID();
    const go = () => send<SignInBody>('/sign-in/continue', { flow, password: chosen }, key);
    const first = await go();
    expect(first.status, first.text).to.equal(200);
    await forget();

    const before = await annal.head();
    const again = await go();
    expect(again.status, again.text).to.equal(200);
    expect(again.body.tokens?.session).to.equal(first.body.tokens?.session).and.not.equal(undefined);
    expect(await typesAfter(annal, before)).to.deep.equal([]);
    // Somebody else who comes by the flow gets nothing for it, and neither does a retry once another password is in force.
    const stolen = await send('/sign-in/continue', { flow, password: later }, randomUUID());
    expect([stolen.status, stolen.body['code']]).to.deep.equal([400, 'invalid-flow']);
    const token = again.body.tokens?.accessToken ?? '';
    const replaced = await send('/me/password', { current: chosen, password: later }, randomUUID(), token);
    expect(replaced.status, replaced.text).to.equal(200);
    await forget();
    expect((await go()).status).to.equal(400);
  });
});
