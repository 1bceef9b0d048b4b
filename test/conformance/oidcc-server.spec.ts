import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1: the whole code flow, and everything that its answers must have. */
conformanceModule('oidcc-server', async (rp) => {
  const nonce = 'n-0S6_WzA2Mj';
  const tokens = await rp.tokens({ nonce });
  const claims = await rp.verified(tokens.id_token);
  expect(claims).to.include({ nonce, aud: rp.client.id });
  expect(claims.exp).to.be.greaterThan(claims.iat as number);
  expect(tokens.expires_in).to.be.greaterThan(0);
  const { status, body } = await rp.userinfo(tokens.access_token);
  expect(status).to.equal(200);
  expect(body['sub']).to.equal(claims.sub);
});
