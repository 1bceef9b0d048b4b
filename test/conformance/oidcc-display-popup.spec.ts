import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: display=popup is no error. */
conformanceModule('oidcc-display-popup', async (rp) => {
  const { answer } = await rp.authorize({ display: 'popup' });
  expect(answer).to.have.property('code');
});
