import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';
import { confirmed, loggedIn, loggedOut, logOut, logoutClient, stays } from '../support/conformance-logout.js';

/** OpenID Connect RP-Initiated Logout 1.0 section 2: nothing is needed; the person is asked. */
conformanceModule(
  'oidcc-rp-initiated-logout-no-params',
  async (rp) => {
    await loggedIn(rp);
    stays(await confirmed(rp, await logOut(rp, {})));
    expect(await loggedOut(rp)).to.equal(true);
  },
  ['query'],
  logoutClient,
);
