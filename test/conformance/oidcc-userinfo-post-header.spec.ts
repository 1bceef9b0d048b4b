import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 5.3.1: userinfo by POST with the token in the header field. */
conformanceModule('oidcc-userinfo-post-header', async (rp) => {
  const { access_token: token } = await rp.tokens();
  const { status, body } = await rp.annal.call('POST', '/t/default/oauth2/userinfo', { token });
  expect(status).to.equal(200);
  expect(body['sub']).to.equal(rp.person.user);
});
