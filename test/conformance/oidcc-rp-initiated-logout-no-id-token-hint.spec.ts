import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';
import {
  confirmed,
  loggedIn,
  loggedOut,
  logOut,
  logoutClient,
  postLogout,
  stays,
} from '../support/conformance-logout.js';

/** OpenID Connect RP-Initiated Logout 1.0 section 2: without a hint the person is asked, and goes nowhere that nobody vouched for. */
conformanceModule(
  'oidcc-rp-initiated-logout-no-id-token-hint',
  async (rp) => {
    await loggedIn(rp);
    stays(await confirmed(rp, await logOut(rp, { post_logout_redirect_uri: postLogout, state: 'x' })));
    expect(await loggedOut(rp)).to.equal(true);
  },
  ['query'],
  logoutClient,
);
