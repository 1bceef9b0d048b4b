import { expect } from 'chai';
import { decodeProtectedHeader } from 'jose';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.3.7: the ID token is signed with RS256 by a published key that it names. */
conformanceModule('oidcc-idtoken-signature', async (rp) => {
  const { id_token: token } = await rp.tokens();
  expect(decodeProtectedHeader(token)).to.include({ alg: 'RS256', typ: 'JWT' });
  await rp.verified(token);
});
