import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** RFC 6750 section 2.2: userinfo by POST with the token as a field of the form. */
conformanceModule('oidcc-userinfo-post-body', async (rp) => {
  const path = '/t/default/oauth2/userinfo';
  const { access_token: token } = await rp.tokens();
  const { status, body, text } = await rp.annal.call('POST', path, { form: { access_token: token } });
  expect(status, text).to.equal(200);
  expect(body['sub']).to.equal(rp.person.user);
  // "Clients MUST NOT use more than one method to transmit the token in each request."
  expect((await rp.annal.call('POST', path, { form: { access_token: token }, token })).status).to.equal(400);
  expect((await rp.annal.call('GET', `${path}?access_token=${token}`)).status).to.equal(401);
  expect((await rp.annal.call('POST', path, { form: { access_token: `${token}x` } })).status).to.equal(401);
});
