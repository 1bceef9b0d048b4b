import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 5.2: claims_locales is no error. */
conformanceModule('oidcc-claims-locales', async (rp) => {
  const { answer } = await rp.authorize({ claims_locales: 'se' });
  expect(answer).to.have.property('code');
});
