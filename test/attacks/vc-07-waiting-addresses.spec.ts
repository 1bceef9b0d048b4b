import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { inTenant, settle } from '../support/attacking.js';
import { api, newEmail, newPerson, newTenant, type Person, root, signedIn, signIn } from '../support/people.js';

const chosen = 'a passphrase that only its owner knows';

/** Somebody who was in an account for a while leaves a door open behind them. */
describe('attacks on recovered accounts', () => {
  let annal: Annal;

  before(async () => {
    annal = await Annal.start();
  });
  after(() => annal.stop());

  const post = (path: string, body: object, token?: string) =>
    annal.call('POST', `${api}${path}`, { body, ...(token !== undefined && { token }) });

  const reset = async ({ email }: Person): Promise<void> => {
    await post('/password-resets', { identifier: email });
    const { token } = await annal.mail(email, 'reset-password');
    expect((await post('/password-resets/confirm', { token, password: chosen })).status).to.equal(204);
  };
  const change = async ({ accessToken }: Person): Promise<void> => {
    const body = { current: password, password: chosen };
    const { status, text } = await post('/me/password', body, accessToken);
    expect(status, text).to.equal(200);
  };
  /** An administrator has asked for a new password, and it is chosen within a sign-in. */
  const renew = async ({ email, user }: Person): Promise<void> => {
    const path = `/api/v1/tenants/default/users/${user}/require-password-change`;
    expect((await annal.call('POST', path, { token: await root(annal) })).status).to.equal(204);
    const { flow } = (await signIn(annal, email)).body;
    const { status, text } = await post('/sign-in/continue', { flow, password: chosen });
    expect(status, text).to.equal(200);
  };

  for (const [name, recover] of Object.entries({ reset, change, renew })) {
    it(`VC-07: an address that waited for its proof when the password was new (${name}) does not become the account's`, async () => {
      const person = await newPerson(annal);
      const stranger = newEmail();
      const asked = await annal.call('PUT', `${api}/me/email`, {
        body: { value: stranger, currentPassword: password },
        token: person.accessToken,
      });
      expect(asked.status).to.equal(200);
      const { token } = await annal.mail(stranger, 'verify-email');

      await recover(person);

      expect((await post('/verifications/confirm', { token })).status).to.equal(400);
      expect((await signIn(annal, stranger, chosen)).status).to.equal(401);
      expect(await signedIn(annal, person.email, chosen)).to.have.property('accessToken');
    });
  }

  it('VC-07: the code of an address that waits is typed beside the one in force; it proves neither, and is good where it belongs', async () => {
    const { email, accessToken } = await newPerson(annal);
    const wished = newEmail();
    const asked = { body: { value: wished, currentPassword: password }, token: accessToken };
    await annal.call('PUT', `${api}/me/email`, asked);
    const { code } = await annal.mail(wished, 'verify-email');
    const misplaced = await post('/verifications/confirm', { email, code });
    expect([misplaced.status, misplaced.body['code']]).to.deep.equal([400, 'invalid-proof']);
    expect((await signIn(annal, email)).body.status).to.equal('signed-in');

    expect((await post('/me/email/verification/confirm', { code }, accessToken)).status).to.equal(204);
    expect((await signIn(annal, wished)).body.status).to.equal('signed-in');
  });

  it('VC-07: an invitation went to the wrong mailbox, and the administrator takes the address away; its link opens nothing', async () => {
    const { admin } = await newTenant(annal, 'wrong-mailbox');
    await settle(annal, 'wrong-mailbox', { identifiers: { email: { required: false } } });
    const token = await root(annal);
    const stranger = newEmail();
    const invitation = { email: stranger, username: 'grace.hopper' };
    const { body } = await annal.call<{ id: string }>('POST', `${admin}/users`, { body: invitation, token });
    const user = `${admin}/users/${body.id}`;
    const link = (await annal.mail(stranger, 'invitation')).token;

    expect((await annal.call('DELETE', `${user}/email`, { token })).status).to.equal(204);

    const base = inTenant('wrong-mailbox');
    const accepting = { token: link, password: chosen };
    expect((await annal.call('POST', `${base}/invitations/accept`, { body: accepting })).status).to.equal(400);
    expect((await signIn(annal, 'grace.hopper', chosen, base)).status).to.equal(401);
    expect((await annal.call('GET', user, { token })).body).to.include({ status: 'invited' });
  });
});
