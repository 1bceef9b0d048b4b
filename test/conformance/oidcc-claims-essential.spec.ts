import { expect } from 'chai';
import { somebodyDescribed } from '../support/conformance-people.js';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 5.5.1: an essential claim is told, whatever the scope. */
conformanceModule('oidcc-claims-essential', async (rp) => {
  const party = rp.of(await somebodyDescribed(rp));
  const claims = JSON.stringify({ userinfo: { name: { essential: true } }, id_token: { email: null } });
  const tokens = await party.tokens({ claims });
  const { body } = await party.userinfo(tokens.access_token);
  expect(body).to.deep.equal({ sub: party.person.user, name: 'Ada Lovelace' });
  expect((await party.verified(tokens.id_token))['email']).to.equal(party.person.email);
});
