import { expect } from 'chai';
import { UnsecuredJWT } from 'jose';
import { conformanceModule, issuer } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 6.1: an unsigned object with a redirect URI is answered at the one outside. */
conformanceModule('oidcc-ensure-request-object-with-redirect-uri', async (rp) => {
  const inside = { ...rp.parameters(), redirect_uri: 'https://evil.example/cb' };
  const request = new UnsecuredJWT(inside).setIssuer(rp.client.id).setAudience(issuer).encode();
  const { answer } = await rp.authorize({ request });
  expect(answer['error']).to.equal('request_not_supported');
});
