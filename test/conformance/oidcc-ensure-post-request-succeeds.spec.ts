import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: the authorization endpoint reads forms, too. */
conformanceModule('oidcc-ensure-post-request-succeeds', async (rp) => {
  const body = new URLSearchParams(rp.parameters());
  const { answer } = await rp.visit('/t/default/oauth2/authorize', { method: 'POST', body });
  expect(answer).to.have.property('code');
  expect((await rp.redeem(answer['code'] ?? '')).status).to.equal(200);
});
