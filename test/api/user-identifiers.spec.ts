import { expect } from 'chai';
import { AccountIdentifiers } from '../../src/application/account-identifiers.js';
import type { CommandContext } from '../../src/application/ports/event-log.js';
import { Profiles } from '../../src/application/profile.js';
import type { TenantId, UserId } from '../../src/domain/values.js';
import { Annal, password } from '../support/annal.js';
import { inTenant, me, nextMail } from '../support/attacking.js';
import {
  api,
  newEmail,
  newPerson,
  newTenant,
  type Person,
  root,
  signedIn,
  signIn,
  type SignInBody,
} from '../support/people.js';

type Account = Readonly<{
  identifiers: readonly Readonly<{ kind: string; value: string; verified: boolean }>[];
  pending: readonly object[];
  code?: string;
  errors?: readonly Readonly<{ pointer: string }>[];
}>;

describe('what a person signs in with, corrected by an administrator', () => {
  let annal: Annal;
  let administrator: Person;

  before(async () => {
    annal = await Annal.start();
    administrator = await newPerson(annal);
    const appoint = `/api/v1/tenants/default/users/${administrator.user}/appoint-administrator`;
    await annal.call('POST', appoint, { token: await root(annal) });
  });
  after(() => annal.stop());

  let numbers = 0;
  const post = (path: string, body: object) => annal.call('POST', api + path, { body });
  const ask = (method: string, path: string, body?: object, headers?: Readonly<Record<string, string>>) =>
    annal.call<Account>(method, `${api}/users/${path}`, {
      token: administrator.accessToken,
      ...(body && { body }),
      ...(headers && { headers }),
    });
  const namesOf = async (user: string) => (await ask('GET', user)).body;

  it('is in force at once; the new address is asked to prove itself, the old one hears of it, sessions go on', async () => {
    const person = await newPerson(annal);
    const value = newEmail();
    const { status, body } = await ask('PUT', `${person.user}/email`, { value });
    expect([status, body.identifiers, body.pending]).to.deep.equal([
      200,
      [{ kind: 'email', value, verified: false }],
      [],
    ]);
    expect((await annal.mail(person.email, 'identifier-changed')).text).to.include('e-mail address');
    expect((await me(annal, person.accessToken)).status).to.equal(200);
    expect((await signIn(annal, person.email)).status).to.equal(401);

    const waiting = await signIn(annal, value);
    expect(waiting.body).to.include({ status: 'next', next: 'verify-email' });
    const { code } = await annal.mail(value, 'verify-email');
    const done = await annal.call<SignInBody>('POST', `${api}/sign-in/continue`, {
      body: { flow: waiting.body.flow, code },
    });
    expect(done.body.status).to.equal('signed-in');
    // The old address is free for somebody else.
    const another = { body: { email: person.email }, token: administrator.accessToken };
    expect((await annal.call('POST', `${api}/users`, another)).status).to.equal(201);
  });

  it('is proved at the administrator’s word, and may be any of the three', async () => {
    const { user } = await newPerson(annal);
    const [email, phone, username] = [newEmail(), `+49309018${3000 + ++numbers}`, `grace${++numbers}`];
    await ask('PUT', `${user}/email`, { value: email, verified: true });
    await ask('PUT', `${user}/phone`, { value: phone, verified: true });
    await ask('PUT', `${user}/username`, { value: username });
    for (const name of [email, phone, username]) {
      expect((await signIn(annal, name)).body.status, name).to.equal('signed-in');
    }
    const unknown = await ask('PUT', `${user}/username`, { value: username, verified: true });
    expect([unknown.status, unknown.body.code]).to.deep.equal([400, 'unknown-field']);
    expect((await annal.mailbox.list(20, email)).map(({ kind }) => kind)).not.to.include('verify-email');
  });

  it('replaces an address that waits for its proof, and a reset link that is under way', async () => {
    const person = await newPerson(annal);
    const [wished, value] = [newEmail(), newEmail()];
    await annal.call('PUT', `${api}/me/email`, {
      body: { value: wished, currentPassword: password },
      token: person.accessToken,
    });
    const waiting = await annal.mail(wished, 'verify-email');
    await post('/password-resets', { identifier: person.email });
    const reset = await annal.mail(person.email, 'reset-password');

    expect((await ask('PUT', `${person.user}/email`, { value, verified: true })).body.pending).to.deep.equal([]);

    expect((await post('/verifications/confirm', { token: waiting.token })).status).to.equal(400);
    const taking = { token: reset.token, password: `${password} 2` };
    expect((await post('/password-resets/confirm', taking)).status).to.equal(400);
    expect(await signedIn(annal, value)).to.have.property('accessToken');
  });

  it('of somebody who is invited sends the invitation there, and ends the one that went astray', async () => {
    const [wrong, right] = [newEmail(), newEmail()];
    const created = await annal.call<{ id: string }>('POST', `${api}/users`, {
      body: { email: wrong },
      token: administrator.accessToken,
    });
    const astray = await annal.mail(wrong, 'invitation');
    expect((await ask('PUT', `${created.body.id}/email`, { value: right })).status).to.equal(200);
    const arrived = await nextMail(annal, right, 'invitation', '');
    const accept = (token: string) => post('/invitations/accept', { token, password });
    expect((await accept(astray.token)).status).to.equal(400);
    expect((await accept(arrived.token)).status).to.equal(204);
    expect((await signIn(annal, right)).body.status).to.equal('signed-in');
  });

  it('is nobody else’s, and what it should be', async () => {
    const [person, other] = [await newPerson(annal), await newPerson(annal)];
    const before = await namesOf(person.user);
    const refused = async (path: string, body: object) => {
      const answer = await ask('PUT', path, body);
      return [answer.status, answer.body.code, answer.body.errors?.map(({ pointer }) => pointer)];
    };
    const email = `${person.user}/email`;
    expect(await refused(email, { value: other.email })).to.deep.equal([409, 'identifier-taken', ['/value']]);
    expect(await refused(email, { value: 'nowhere' })).to.deep.equal([422, 'invalid-fields', ['/value']]);
    expect(await refused(email, {})).to.deep.equal([422, 'invalid-fields', ['/value']]);
    expect(await refused(`${crypto.randomUUID()}/email`, { value: newEmail() })).to.deep.equal([
      404,
      'no-such-user',
      undefined,
    ]);
    await newTenant(annal, 'elsewhere');
    const stranger = await newPerson(annal, newEmail(), inTenant('elsewhere'));
    expect((await refused(`${stranger.user}/email`, { value: newEmail() }))[1]).to.equal('no-such-user');
    expect(await namesOf(person.user)).to.deep.equal(before);
  });

  it('stays as it is where the administrator saw another state', async () => {
    const { user } = await newPerson(annal);
    const seen = { 'if-match': (await ask('GET', user)).headers.get('etag') ?? '' };
    const changed = await ask('PUT', `${user}/phone`, { value: `+49309018${3000 + ++numbers}` }, seen);
    expect(changed.status).to.equal(200);
    const value = newEmail();
    expect((await ask('PUT', `${user}/email`, { value }, seen)).status).to.equal(412);
    expect((await ask('DELETE', `${user}/phone`, undefined, seen)).status).to.equal(412);
    const now = { 'if-match': changed.headers.get('etag') ?? '' };
    expect((await ask('DELETE', `${user}/phone`, undefined, now)).status).to.equal(204);
    expect((await namesOf(user)).identifiers.map(({ kind }) => kind)).to.deep.equal(['email']);
  });

  it('is what the administrator asked for when the answer is lost and the request comes again', async () => {
    const { user } = await newPerson(annal);
    const identifiers = annal.container.get(AccountIdentifiers);
    const { id } = (await annal.call<{ id: string }>('GET', '/api/v1/tenants/default', { token: await root(annal) }))
      .body;
    const tenant = id as TenantId;
    const command = (): CommandContext => ({
      tenant,
      actor: { kind: 'user', tenant, id: administrator.user },
      commandId: crypto.randomUUID(),
      correlationId: 'spec',
      at: annal.clock.now(),
    });
    const owner = user as UserId;
    const seen = async () => (await annal.container.get(Profiles).view(tenant, owner)).revision;
    const [assigning, withdrawing] = [command(), command()];
    const phone = { kind: 'phone', input: `+49309018${3000 + ++numbers}`, verified: false } as const;
    const before = await seen();
    const first = await identifiers.assign(assigning, owner, phone, before);
    expect((await identifiers.assign(assigning, owner, phone, before)).position).to.equal(first.position);
    const between = await seen();
    await identifiers.withdraw(withdrawing, owner, 'phone', between);
    const after = await seen();
    await identifiers.withdraw(withdrawing, owner, 'phone', between);
    expect([await seen(), between > before, after > between]).to.deep.equal([after, true, true]);
  });

  it('is removed, but not the last one or one that the tenant asks for', async () => {
    const { user } = await newPerson(annal);
    const username = `hopper${++numbers}`;
    await ask('PUT', `${user}/username`, { value: username });
    const required = await ask('DELETE', `${user}/email`);
    expect([required.status, required.body.code]).to.deep.equal([422, 'identifier-required']);
    expect((await ask('DELETE', `${user}/username`)).status).to.equal(204);
    expect((await ask('DELETE', `${user}/username`)).status).to.equal(204);
    expect((await signIn(annal, username)).status).to.equal(401);
  });

  it('is not the administrator’s own: a stolen token would get round the password', async () => {
    const own = administrator.user;
    for (const answer of [
      await ask('PUT', `${own}/email`, { value: newEmail(), verified: true }),
      await ask('PUT', `${own}/username`, { value: `thief${++numbers}` }),
      await ask('DELETE', `${own}/phone`),
    ]) {
      expect([answer.status, answer.body.code]).to.deep.equal([403, 'own-account']);
    }
    expect((await namesOf(own)).identifiers.map(({ value }) => value)).to.deep.equal([administrator.email]);
  });
});
