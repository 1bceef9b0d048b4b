import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 5.3.1: userinfo by GET with the token in the header field. */
conformanceModule('oidcc-userinfo-get', async (rp) => {
  const { access_token: token } = await rp.tokens();
  const { status, body, headers } = await rp.userinfo(token);
  expect(status).to.equal(200);
  expect(headers.get('content-type')).to.match(/^application\/json/);
  expect(body['sub']).to.equal(rp.person.user);
  expect((await rp.annal.call('GET', '/t/default/oauth2/userinfo')).status).to.equal(401);
});
