import { expect } from 'chai';
import { callback } from '../support/conformance.js';
import { dynamicModule } from '../support/dynamic-conformance.js';

/** RFC 9700 section 2.1: another query is another redirect URI. */
dynamicModule('oidcc-redirect-uri-query-added', async (suite) => {
  const { rp } = await suite.registered({ redirect_uris: [callback] });
  const { page, answer } = await rp.authorize({ redirect_uri: `${callback}?foo=bar` });
  expect(page.status).to.equal(400);
  expect(page.headers.get('location')).to.equal(null);
  expect(answer).to.deep.equal({});
});
