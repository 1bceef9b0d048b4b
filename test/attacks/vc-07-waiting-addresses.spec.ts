import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { api, newEmail, newPerson, type Person, signedIn, signIn } from '../support/people.js';

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

  for (const [name, recover] of Object.entries({ reset, change })) {
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
});
