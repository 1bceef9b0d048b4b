import { expect } from 'chai';
import { callback, conformanceModule } from '../support/conformance.js';

/** RFC 6749 section 4.1.2.1: nobody is sent to a redirect URI that is not registered. */
conformanceModule('oidcc-ensure-registered-redirect-uri', async (rp) => {
  const { page, answer } = await rp.authorize({ redirect_uri: `${callback}x` });
  expect(page.status).to.equal(400);
  expect(page.headers.get('location')).to.equal(null);
  expect(page.html).not.to.include(`${callback}x`);
  expect(answer).to.deep.equal({});
});
