import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose';
import { conformanceModule } from '../support/conformance.js';
import { loggedIn, logOut, logoutClient, postLogout, refuses } from '../support/conformance-logout.js';

/** OpenID Connect RP-Initiated Logout 1.0 section 4: a hint that somebody else signed is none. */
conformanceModule(
  'oidcc-rp-initiated-logout-bad-id-token-hint',
  async (rp) => {
    const token = await loggedIn(rp);
    const { privateKey } = await generateKeyPair('RS256');
    const { alg: _, ...header } = decodeProtectedHeader(token);
    const hint = await new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'RS256', ...header }).sign(privateKey);
    await refuses(rp, await logOut(rp, { id_token_hint: hint, post_logout_redirect_uri: postLogout, state: 'x' }));
  },
  ['query'],
  logoutClient,
);
