import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { api, newEmail, newPerson, signedIn, signIn } from '../support/people.js';

for (const engine of ['postgres', 'eventstoredb'] as const)
  describe(`an account’s whole life, with the log in ${engine}`, () => {
    let annal: Annal;
    before(async () => {
      annal = await Annal.start({ engine });
    });
    after(() => annal.stop());

    it('registers, verifies by code, signs in, refreshes, signs out', async () => {
      const email = newEmail();
      const registered = await annal.call('POST', `${api}/registrations`, { body: { email, password } });
      expect(registered.status).to.equal(202);
      expect((await signIn(annal, email)).status).to.equal(401);

      const { code } = await annal.mail(email, 'verify-email');
      expect((await annal.call('POST', `${api}/verifications/confirm`, { body: { email, code } })).status).to.equal(
        204,
      );

      const { accessToken, refreshToken } = await signedIn(annal, email);
      expect((await annal.call('GET', `${api}/me`, { token: accessToken })).status).to.equal(200);
      const refreshed = await annal.call<{ accessToken: string }>('POST', `${api}/tokens/refresh`, {
        body: { refreshToken },
      });
      expect(refreshed.status).to.equal(200);
      expect((await annal.call('POST', `${api}/sign-out`, { token: refreshed.body.accessToken })).status).to.equal(204);
      expect((await annal.call('GET', `${api}/me`, { token: refreshed.body.accessToken })).status).to.equal(401);
    });

    it('verifies by link', async () => {
      const email = newEmail();
      await annal.call('POST', `${api}/registrations`, { body: { email, password } });
      const { token } = await annal.mail(email, 'verify-email');
      expect((await annal.call('POST', `${api}/verifications/confirm`, { body: { token } })).status).to.equal(204);
      expect((await signIn(annal, email)).body.status).to.equal('signed-in');
    });

    it('keeps a login history', async () => {
      const { email, accessToken } = await newPerson(annal);
      await signIn(annal, email, 'not it');
      const { body } = await annal.fresh<{ items: { outcome: string; reason?: string }[] }>(
        `${api}/me/login-history`,
        accessToken,
      );
      expect(body.items.map(({ outcome }) => outcome)).to.deep.equal(['failed', 'succeeded']);
    });
  });
