import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { inTenant, me, nextMail, settle } from '../support/attacking.js';
import { newEmail, newTenant, type Person, signedIn, signIn, type SignInBody, unproved } from '../support/people.js';

describe('an address that was never proved, while another waits to replace it', () => {
  const base = inTenant('waiting');
  let annal: Annal;

  before(async () => {
    annal = await Annal.start();
    await newTenant(annal, 'waiting');
  });
  after(() => annal.stop());

  const post = (path: string, body?: object, token?: string) =>
    annal.call('POST', base + path, { ...(body && { body }), ...(token !== undefined && { token }) });
  const addresses = async ({ accessToken }: Pick<Person, 'accessToken'>) => {
    const { identifiers, pending } = (await me(annal, accessToken, base)).body;
    return { identifiers, pending };
  };

  it('is the one that is verified when it is named; the other one still waits, and replaces it once it is proved', async () => {
    await settle(annal, 'waiting', { verification: { requiredToSignIn: false } });
    const [old, wished] = [newEmail(), newEmail()];
    await unproved(annal, old, 'waiting');
    const first = await annal.mail(old, 'verify-email');
    const { accessToken } = await signedIn(annal, old, password, base);
    const change = { value: wished, currentPassword: password };
    await annal.call('PUT', `${base}/me/email`, { body: change, token: accessToken });
    const toWished = await annal.mail(wished, 'verify-email');

    await settle(annal, 'waiting', { verification: { requiredToSignIn: true } });
    const waiting = await signIn(annal, old, password, base);
    expect(waiting.body).to.include({ status: 'next', next: 'verify-email' });
    expect((await post('/verifications', { email: old })).status).to.equal(202);
    const { code } = await nextMail(annal, old, 'verify-email', first.token);
    expect((await annal.mail(wished, 'verify-email')).token).to.equal(toWished.token);

    const { flow } = waiting.body;
    const done = await annal.call<SignInBody>('POST', `${base}/sign-in/continue`, { body: { flow, code } });
    expect(done.body.status).to.equal('signed-in');
    expect(await addresses({ accessToken })).to.deep.equal({
      identifiers: [{ kind: 'email', value: old, verified: true }],
      pending: [{ kind: 'email', value: wished, verified: false }],
    });

    expect((await post('/me/email/verification', undefined, accessToken)).status).to.equal(202);
    const again = await nextMail(annal, wished, 'verify-email', toWished.token);
    expect((await post('/me/email/verification/confirm', { code: again.code }, accessToken)).status).to.equal(204);
    expect(await addresses({ accessToken })).to.deep.equal({
      identifiers: [{ kind: 'email', value: wished, verified: true }],
      pending: [],
    });
  });
});
