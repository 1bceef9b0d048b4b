import { expect } from 'chai';
import { conformanceModule, issuer } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.6: prompt=none with nobody signed in. */
conformanceModule('oidcc-prompt-none-not-logged-in', async (rp) => {
  const { answer, asked } = await rp.authorize({ prompt: 'none' });
  expect(answer).to.include({ error: 'login_required', iss: issuer });
  expect(asked).to.deep.equal([]);
});
