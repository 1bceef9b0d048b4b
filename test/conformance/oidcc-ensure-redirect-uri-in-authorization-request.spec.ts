import { expect } from 'chai';
import { callback } from '../support/conformance.js';
import { dynamicModule } from '../support/dynamic-conformance.js';

/** OpenID Connect Core 1.0 section 3.1.2.1: `redirect_uri` is required, whatever is registered. */
dynamicModule('oidcc-ensure-redirect-uri-in-authorization-request', async (suite) => {
  const { rp } = await suite.registered({ redirect_uris: [callback, `${callback}/other`] });
  const { page, answer } = await rp.authorize({ redirect_uri: undefined as unknown as string });
  expect(page.status).to.equal(400);
  expect(answer).to.deep.equal({});
});
