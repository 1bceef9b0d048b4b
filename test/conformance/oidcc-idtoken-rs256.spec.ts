import { expect } from 'chai';
import { decodeProtectedHeader } from 'jose';
import { dynamicModule } from '../support/dynamic-conformance.js';

/** OpenID Connect Core 1.0 section 15.1: a client registers that its ID tokens are of RS256. */
dynamicModule('oidcc-idtoken-rs256', async (suite) => {
  const { rp, ...made } = await suite.registered({ id_token_signed_response_alg: 'RS256' });
  expect(made['id_token_signed_response_alg']).to.equal('RS256');
  const { id_token: token } = await rp.tokens();
  expect(decodeProtectedHeader(token).alg).to.equal('RS256');
  await rp.verified(token, 'RS256');
});
