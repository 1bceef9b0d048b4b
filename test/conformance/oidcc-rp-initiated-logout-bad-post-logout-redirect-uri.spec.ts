import { conformanceModule } from '../support/conformance.js';
import { loggedIn, logOut, logoutClient, postLogout, refuses } from '../support/conformance-logout.js';

/** OpenID Connect RP-Initiated Logout 1.0 section 3: nobody is sent to an address that is not registered. */
conformanceModule(
  'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
  async (rp) => {
    const hint = await loggedIn(rp);
    await refuses(
      rp,
      await logOut(rp, { id_token_hint: hint, post_logout_redirect_uri: `${postLogout}x`, state: 'x' }),
    );
  },
  ['query'],
  logoutClient,
);
