import { expect } from 'chai';
import { conformanceModule } from '../support/conformance.js';
import { loggedIn, loggedOut, logOut, logoutClient, postLogout } from '../support/conformance-logout.js';

/** OpenID Connect RP-Initiated Logout 1.0 sections 2 and 3: hint, address and state; by GET and by POST. */
conformanceModule(
  'oidcc-rp-initiated-logout',
  async (rp) => {
    const hint = await loggedIn(rp);
    const parameters = { id_token_hint: hint, post_logout_redirect_uri: postLogout, state: 'as sent' };
    const page = await logOut(rp, parameters);
    expect(page.url).to.equal(`${postLogout}?state=as+sent`);
    expect(await loggedOut(rp)).to.equal(true);

    const again = await loggedIn(rp);
    const body = new URLSearchParams({ ...parameters, id_token_hint: again });
    expect((await rp.browser.open('/t/default/oauth2/logout', { method: 'POST', body })).status).to.equal(303);
    expect(await loggedOut(rp)).to.equal(true);
  },
  ['query'],
  logoutClient,
);
