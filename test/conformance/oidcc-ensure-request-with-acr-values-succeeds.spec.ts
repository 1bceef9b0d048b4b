import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: acr_values is a wish; what was reached is told. */
conformanceModule('oidcc-ensure-request-with-acr-values-succeeds', async (rp) => {
  const { id_token: token } = await rp.tokens({ acr_values: '1 2' });
  expect((await rp.verified(token))['acr']).to.equal('aal1');
});
