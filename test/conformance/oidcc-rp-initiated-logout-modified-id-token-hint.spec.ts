import { decodeJwt, UnsecuredJWT } from 'jose';
import { conformanceModule } from '../support/conformance.js';
import { loggedIn, logOut, logoutClient, postLogout, refuses } from '../support/conformance-logout.js';

/** OpenID Connect RP-Initiated Logout 1.0 section 4: a hint whose signature was taken off is none. */
conformanceModule(
  'oidcc-rp-initiated-logout-modified-id-token-hint',
  async (rp) => {
    const { typ: _, ...claims } = { typ: undefined, ...decodeJwt(await loggedIn(rp)) };
    const hint = new UnsecuredJWT(claims).encode();
    await refuses(rp, await logOut(rp, { id_token_hint: hint, post_logout_redirect_uri: postLogout, state: 'x' }));
  },
  ['query'],
  logoutClient,
);
