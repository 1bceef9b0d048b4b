import { expect } from 'chai';
import { claimsOfScope, somebodyDescribed } from '../support/conformance-people.js';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 5.4: the claims of the scope `email`, at the userinfo endpoint and nowhere else. */
conformanceModule('oidcc-scope-email', async (rp) => {
  const party = rp.of(await somebodyDescribed(rp));
  const tokens = await party.tokens({ scope: 'openid email' });
  expect(tokens.scope).to.equal('openid email');
  const { body } = await party.userinfo(tokens.access_token);
  expect(body).to.have.all.keys('sub', ...claimsOfScope.email);
  expect(await party.verified(tokens.id_token)).not.to.have.any.keys(...claimsOfScope.email);
});
