import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';
import { loggedIn, loggedOut, logOut, logoutClient, stays } from '../support/conformance-logout.js';

/** OpenID Connect RP-Initiated Logout 1.0 section 2: without an address the person stays. */
conformanceModule(
  'oidcc-rp-initiated-logout-no-post-logout-redirect-uri',
  async (rp) => {
    const hint = await loggedIn(rp);
    stays(await logOut(rp, { id_token_hint: hint, state: 'x' }));
    expect(await loggedOut(rp)).to.equal(true);
  },
  ['query'],
  logoutClient,
);
