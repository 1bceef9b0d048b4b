import { expect } from 'chai';
import { claimsOfScope, somebodyDescribed } from '../support/conformance-people.js';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 5.4: all scopes at once. */
conformanceModule('oidcc-scope-all', async (rp) => {
  const party = rp.of(await somebodyDescribed(rp));
  const tokens = await party.tokens({ scope: 'openid profile email address phone' });
  const { body } = await party.userinfo(tokens.access_token);
  expect(body).to.have.all.keys('sub', ...Object.values(claimsOfScope).flat());
  expect(body['address']).to.deep.equal({ formatted: 'Rua Augusta 1, Lisbon' });
});
