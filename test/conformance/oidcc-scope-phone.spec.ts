import { expect } from 'chai';
import { claimsOfScope, somebodyDescribed } from '../support/conformance-people.js';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 5.4: the claims of the scope `phone`, at the userinfo endpoint and nowhere else. */
conformanceModule('oidcc-scope-phone', async (rp) => {
  const party = rp.of(await somebodyDescribed(rp));
  const tokens = await party.tokens({ scope: 'openid phone' });
  expect(tokens.scope).to.equal('openid phone');
  const { body } = await party.userinfo(tokens.access_token);
  expect(body).to.have.all.keys('sub', ...claimsOfScope.phone);
  expect(await party.verified(tokens.id_token)).not.to.have.any.keys(...claimsOfScope.phone);
});
