import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';
import { loggedIn, loggedOut, logOut, logoutClient, postLogout } from '../support/conformance-logout.js';

/** OpenID Connect RP-Initiated Logout 1.0 section 2: without a state none goes back. */
conformanceModule(
  'oidcc-rp-initiated-logout-no-state',
  async (rp) => {
    const hint = await loggedIn(rp);
    const page = await logOut(rp, { id_token_hint: hint, post_logout_redirect_uri: postLogout });
    expect(page.url).to.equal(postLogout);
    expect(await loggedOut(rp)).to.equal(true);
  },
  ['query'],
  logoutClient,
);
