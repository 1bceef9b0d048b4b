import { conformanceModule } from '../support/conformance.js';
import { loggedIn, logOut, logoutClient, postLogout, refuses } from '../support/conformance-logout.js';

/** OpenID Connect RP-Initiated Logout 1.0 section 3: an address with a query that is not registered is another one. */
conformanceModule(
  'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri',
  async (rp) => {
    const hint = await loggedIn(rp);
    const uri = `${postLogout}?foo=bar`;
    await refuses(rp, await logOut(rp, { id_token_hint: hint, post_logout_redirect_uri: uri, state: 'x' }));
  },
  ['query'],
  logoutClient,
);
