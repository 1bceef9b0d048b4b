import { expect } from 'chai';
import { conformanceModule, RelyingParty } from '../support/conformance.js';

/** RFC 6749 section 6: a refresh token gives new tokens to its client, and to no other. */
conformanceModule('oidcc-refresh-token', async (rp) => {
  const { refresh_token: token = '' } = await rp.tokens({ scope: 'openid offline_access', prompt: 'consent' });
  const other = rp.as(await RelyingParty.register(rp.annal, rp.admin));
  expect((await other.refresh(token)).body['error']).to.equal('invalid_grant');
  const { status, body } = await rp.refresh(token);
  expect(status, JSON.stringify(body)).to.equal(200);
  expect((await rp.userinfo(body['access_token'] as string)).status).to.equal(200);
});
