import { expect } from 'chai';
import { conformanceModule, issuer } from '../support/conformance.js';

/** RFC 6749 section 4.1.2.1: a request without response_type is answered with invalid_request. */
conformanceModule('oidcc-response-type-missing', async (rp) => {
  const { answer } = await rp.authorize({ response_type: undefined });
  expect(answer).to.include({ error: 'invalid_request', iss: issuer });
  expect(answer).to.have.property('state');
});
