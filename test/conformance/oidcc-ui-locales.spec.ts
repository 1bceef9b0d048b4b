import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: ui_locales is no error, and the pages follow it. */
conformanceModule('oidcc-ui-locales', async (rp) => {
  const url = `/t/default/oauth2/authorize?${new URLSearchParams(rp.parameters({ ui_locales: 'tlh de' })).toString()}`;
  expect((await rp.browser.open(url)).html).to.include('<html lang="de"');
  const { answer } = await rp.authorize({ ui_locales: 'se' });
  expect(answer).to.have.property('code');
});
