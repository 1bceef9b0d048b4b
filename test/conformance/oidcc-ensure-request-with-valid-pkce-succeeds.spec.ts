import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** RFC 7636 section 4: a challenge with S256 and its verifier. */
conformanceModule('oidcc-ensure-request-with-valid-pkce-succeeds', async (rp) => {
  const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
  const { answer } = await rp.authorize({
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  const { status, body } = await rp.redeem(answer['code'] ?? '', { code_verifier: verifier });
  expect(status, JSON.stringify(body)).to.equal(200);
});
