import { expect } from 'chai';
import { callback } from '../support/conformance.js';
import { dynamicModule } from '../support/dynamic-conformance.js';

/** "The endpoint URI MUST NOT include a fragment component." (RFC 6749 section 3.1.2) */
dynamicModule('oidcc-redirect-uri-regfrag', async (suite) => {
  const { status, body } = await suite.apps.register(suite.said({ redirect_uris: [`${callback}#foobar`] }));
  expect({ status, error: body.error }).to.deep.equal({ status: 400, error: 'invalid_redirect_uri' });
});
