import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: login_hint stands in the form already. */
conformanceModule('oidcc-login-hint', async (rp) => {
  const url = `/t/default/oauth2/authorize?${new URLSearchParams(rp.parameters({ login_hint: rp.person.email })).toString()}`;
  const { html } = await rp.browser.open(url);
  expect(html).to.include(`value="${rp.person.email}"`);
  const { answer } = await rp.authorize({ login_hint: rp.person.email });
  expect(answer).to.have.property('code');
});
