import { expect } from 'chai';
import { UnsecuredJWT } from 'jose';
import { conformanceModule, issuer } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 6.1, RFC 9101 section 10.2: unsigned request objects are not read. */
conformanceModule('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported', async (rp) => {
  const request = new UnsecuredJWT(rp.parameters()).setIssuer(rp.client.id).setAudience(issuer).encode();
  const { answer } = await rp.authorize({ request });
  expect(answer['error']).to.equal('request_not_supported');
});
