import { expect } from 'chai';
import { PasswordChange } from '../../src/application/password.js';
import type { CommandContext } from '../../src/application/ports/event-log.js';
import { Transactor } from '../../src/application/transactor.js';
import { credentials } from '../../src/domain/credentials/credentials.js';
import type { TenantId, UserId } from '../../src/domain/values.js';
import { Annal, password } from '../support/annal.js';
import { many, me, nextMail, statuses, typesAfter } from '../support/attacking.js';
import { CountingHasher } from '../support/counting-hasher.js';
import { api, newEmail, newPerson, type Person, root, signedIn, signIn } from '../support/people.js';

const threshold = 10;
type Door = readonly [method: string, path: string, body: object];

/** Somebody has an access token of another person, and wants the account for longer than it lasts. */
describe('attacks with stolen access tokens', () => {
  const hasher = new CountingHasher();
  let annal: Annal;

  before(async () => {
    annal = await Annal.start({ hasher });
  });
  after(() => annal.stop());

  let numbers = 0;
  /** Every route by which people change what they sign in with. */
  const doors = (): readonly Door[] => [
    ['PUT', '/me/email', { value: newEmail() }],
    ['PUT', '/me/phone', { value: `+49309018${2000 + ++numbers}` }],
    ['PUT', '/me/username', { value: `thief${++numbers}` }],
    ['POST', '/me/email/remove', {}],
    ['POST', '/me/phone/remove', {}],
    ['POST', '/me/username/remove', {}],
  ];
  const knock = ({ accessToken }: Pick<Person, 'accessToken'>, [method, path, body]: Door, proof: object) =>
    annal.call(method, api + path, { body: { ...body, ...proof }, token: accessToken });

  it('VC-08: a thief changes the names of an account without its password; every door asks for it, and nothing moves', async () => {
    const victim = await newPerson(annal);
    const before = await annal.head();
    const account = (await me(annal, victim.accessToken)).body;
    for (const door of doors()) {
      const missing = await annal.call<{ errors: { pointer: string }[] }>(door[0], api + door[1], {
        body: door[2],
        token: victim.accessToken,
      });
      expect(missing.status, door.join()).to.equal(422);
      expect(missing.body.errors.map(({ pointer }) => pointer)).to.deep.equal(['/currentPassword']);
      const wrong = await knock(victim, door, { currentPassword: '' });
      expect([wrong.status, wrong.body['code']], door.join()).to.deep.equal([403, 'wrong-password']);
    }
    expect(await typesAfter(annal, before)).to.deep.equal(doors().map(() => 'credentials.password-check-failed'));
    expect((await me(annal, victim.accessToken)).body).to.deep.equal(account);
  });

  it('VC-08: a thief takes the account out of service without its password; nothing happens, and guesses are counted', async () => {
    const victim = await newPerson(annal);
    const deactivate = (body: object) =>
      annal.call('POST', `${api}/me/deactivate`, { body, token: victim.accessToken });
    expect((await deactivate({})).status).to.equal(422);
    const wrong = await deactivate({ password: 'a guess' });
    expect([wrong.status, wrong.body['code']]).to.deep.equal([403, 'wrong-password']);
    expect((await me(annal, victim.accessToken)).status).to.equal(200);

    await many(2 * threshold, () => deactivate({ password: 'a guess' }));
    expect((await deactivate({ password })).body).to.include({ code: 'too-many-attempts' });
    annal.clock.advance(61);
    expect((await deactivate({ password })).status).to.equal(204);
    expect((await signIn(annal, victim.email)).status).to.equal(401);
  });

  it('VC-08: a thief asks for the old way to remove a name, which needed no password; there is none', async () => {
    const { accessToken } = await newPerson(annal);
    for (const kind of ['email', 'phone', 'username']) {
      expect((await annal.call('DELETE', `${api}/me/${kind}`, { token: accessToken })).status).to.equal(405);
    }
  });

  it('VC-09: a thief guesses the password at all these doors at once; two hundred guesses, ten hashes, one counter', async () => {
    const victim = await newPerson(annal);
    let answers: Awaited<ReturnType<typeof knock>>[] = [];
    const hashes = await hasher.during(async () => {
      answers = await many(200, (index) => {
        const all = doors();
        return knock(victim, all[index % all.length] as Door, { currentPassword: `guess number ${index}` });
      });
    });
    expect(statuses(answers)).to.deep.equal({ 403: threshold, 429: 200 - threshold });
    expect(hashes).to.equal(threshold);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body).to.include({ code: 'too-many-attempts' });
    expect(Number(refused?.headers.get('retry-after'))).to.be.greaterThan(0);
    // The right password comes too late, at the other doors that ask for it as well.
    const change = { current: password, password: `${password} 2` };
    const late = await annal.call('POST', `${api}/me/password`, { body: change, token: victim.accessToken });
    expect(late.status).to.equal(429);
    for (const door of doors()) {
      expect((await knock(victim, door, { currentPassword: password })).status).to.equal(429);
    }
  });

  it('VC-08: a thief learns from a wrong password whether a user name is free; the password comes first', async () => {
    const [victim, other] = [await newPerson(annal), await newPerson(annal)];
    const taken = `taken${++numbers}`;
    const rename = (person: Person, currentPassword: string) =>
      knock(person, ['PUT', '/me/username', { value: taken }], { currentPassword });
    expect((await rename(other, password)).status).to.equal(200);
    expect((await rename(victim, 'a guess')).body).to.include({ code: 'wrong-password' });
    expect((await rename(victim, password)).body).to.include({ code: 'identifier-taken' });
  });

  it('whoever knows the password changes and removes names; the old address hears of it', async () => {
    const person = await newPerson(annal);
    const proof = { currentPassword: password };
    const username = `ada.${++numbers}`;
    const moved = newEmail();
    expect((await knock(person, ['PUT', '/me/username', { value: username }], proof)).status).to.equal(200);
    expect((await knock(person, ['PUT', '/me/email', { value: moved }], proof)).status).to.equal(200);
    const { code } = await annal.mail(moved, 'verify-email');
    const confirmed = await annal.call('POST', `${api}/me/email/verification/confirm`, {
      body: { code },
      token: person.accessToken,
    });
    expect(confirmed.status).to.equal(204);
    expect((await annal.mail(person.email, 'identifier-changed')).text).to.include('e-mail address');
    expect((await signIn(annal, username)).status).to.equal(200);
    expect((await knock(person, ['POST', '/me/username/remove', {}], proof)).status).to.equal(204);
    expect((await signIn(annal, username)).status).to.equal(401);
    const required = await knock(person, ['POST', '/me/email/remove', {}], proof);
    expect([required.status, required.body['code']]).to.deep.equal([422, 'identifier-required']);
    expect(await signedIn(annal, moved)).to.have.property('accessToken');
  });

  it('an account without a password is asked to set one, which a reset by mail does', async () => {
    const { email, user } = await newPerson(annal);
    const context: CommandContext = {
      tenant: (await annal.call<{ id: string }>('GET', '/api/v1/tenants/default', { token: await root(annal) })).body
        .id as TenantId,
      actor: { kind: 'system', id: 'spec' },
      commandId: crypto.randomUUID(),
      correlationId: 'spec',
      at: annal.clock.now(),
    };
    const owner = user as UserId;
    await annal.container
      .get(Transactor)
      .transact(credentials, user, context, { type: 'RemovePassword', user: owner, at: context.at });
    const proof = annal.container.get(PasswordChange).prove(context, owner, password, undefined);
    expect(await proof.catch((error: unknown) => error)).to.include({ code: 'no-password' });

    await annal.call('POST', `${api}/password-resets`, { body: { identifier: email } });
    const { token } = await nextMail(annal, email, 'reset-password', '');
    await annal.call('POST', `${api}/password-resets/confirm`, { body: { token, password: `${password} 2` } });
    const { accessToken } = await signedIn(annal, email, `${password} 2`);
    const renamed = ['PUT', '/me/username', { value: `again${++numbers}` }] as const;
    expect((await knock({ accessToken }, renamed, { currentPassword: `${password} 2` })).status).to.equal(200);
  });
});
