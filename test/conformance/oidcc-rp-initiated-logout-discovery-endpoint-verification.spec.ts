import { expect } from 'chai';
import { conformanceModule, issuer } from '../support/conformance.js';

/** OpenID Connect RP-Initiated Logout 1.0 section 2.1: the endpoint stands in the metadata. */
conformanceModule(
  'oidcc-rp-initiated-logout-discovery-endpoint-verification',
  async ({ annal }) => {
    const { body } = await annal.call('GET', '/t/default/.well-known/openid-configuration');
    expect(body['end_session_endpoint']).to.equal(`${issuer}/oauth2/logout`);
  },
  ['query'],
);
