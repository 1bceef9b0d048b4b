import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: nonce is optional; where none came, none goes back. */
conformanceModule('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async (rp) => {
  const { id_token: token } = await rp.tokens({ nonce: undefined });
  expect(await rp.verified(token)).not.to.have.property('nonce');
});
