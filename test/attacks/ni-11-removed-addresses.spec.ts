import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { inTenant, settle } from '../support/attacking.js';
import { newEmail, newPerson, newTenant, root } from '../support/people.js';

/** Somebody who knows the password takes the owner's address away, so that nothing reaches the owner any more. */
describe('attacks by taking an address away', () => {
  let annal: Annal;
  const base = inTenant('quiet');

  before(async () => {
    annal = await Annal.start();
    await newTenant(annal, 'quiet');
    await settle(annal, 'quiet', { identifiers: { email: { required: false } } });
  });
  after(() => annal.stop());

  it('NI-11: a thief who knows the password removes the address; whoever reads there is told', async () => {
    const victim = await newPerson(annal, newEmail(), base);
    const call = (method: string, path: string, body: object) =>
      annal.call(method, `${base}/me/${path}`, { body, token: victim.accessToken });
    const taken = await call('PUT', 'username', { value: 'thief', currentPassword: password });
    expect(taken.status, taken.text).to.equal(200);

    expect((await call('POST', 'email/remove', { currentPassword: password })).status).to.equal(204);

    expect(await annal.mail(victim.email, 'identifier-changed')).to.have.property('kind', 'identifier-changed');
  });

  it('NI-11: an administrator’s token removes the address of another; whoever reads there is told', async () => {
    const victim = await newPerson(annal, newEmail(), base);
    const token = await root(annal);
    const user = `/api/v1/tenants/quiet/users/${victim.user}`;
    expect((await annal.call('PUT', `${user}/username`, { body: { value: 'thief.too' }, token })).status).to.equal(200);

    expect((await annal.call('DELETE', `${user}/email`, { token })).status).to.equal(204);

    expect(await annal.mail(victim.email, 'identifier-changed')).to.have.property('kind', 'identifier-changed');
  });
});
