import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: display=page is no error. */
conformanceModule('oidcc-display-page', async (rp) => {
  const { answer } = await rp.authorize({ display: 'page' });
  expect(answer).to.have.property('code');
});
