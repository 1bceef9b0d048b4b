import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';

/** OpenID Connect Back-Channel Logout 1.0 section 2.1: what is supported stands in the metadata. */
conformanceModule(
  'oidcc-backchannel-logout-discovery-endpoint-verification',
  async ({ annal }) => {
    const { body } = await annal.call('GET', '/t/default/.well-known/openid-configuration');
    expect(body).to.include({ backchannel_logout_supported: true, backchannel_logout_session_supported: true });
  },
  ['query'],
);
