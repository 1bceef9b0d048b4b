import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Core 1.0 section 6.2: request objects by reference are not read. */
conformanceModule('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', async (rp) => {
  const { answer } = await rp.authorize({ request_uri: 'https://rp.example.com/request.jwt' });
  expect(answer['error']).to.equal('request_uri_not_supported');
});
