import { expect } from 'chai';
import * as openid from 'openid-client';
import { Annal, password } from '../../support/annal.js';
import { Browser, fetchOf, origin, overTls } from '../../support/browser.js';
import { admitted, root } from '../../support/people.js';

const callback = 'https://shop.example.com/callback';

describe('openid-client', () => {
  let annal: Annal;
  let admin: string;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
  });
  after(() => annal.stop());

  async function registered(more: object): Promise<Readonly<{ client: string; secret?: string }>> {
    const body = { name: 'Shop', redirectUris: [callback], ...more };
    const answer = await annal.call<{ client: string; secret?: string }>('POST', '/api/v1/tenants/default/clients', {
      body,
      token: admin,
    });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  }

  for (const confidential of [true, false]) {
    it(`signs somebody in, reads who it is and refreshes: a ${confidential ? 'confidential' : 'public'} client`, async () => {
      const { client, secret } = await registered({ confidential });
      const config = await openid.discovery(
        new URL(`${origin}/t/default`),
        client,
        secret,
        secret === undefined ? openid.None() : undefined,
        { [openid.customFetch]: fetchOf(annal) as openid.CustomFetch },
      );
      const codeVerifier = openid.randomPKCECodeVerifier();
      const state = openid.randomState();
      const nonce = openid.randomNonce();
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: 'openid email profile offline_access',
        code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });

      const { email, user } = await admitted(annal, admin);
      const browser = new Browser(annal);
      const who = await browser.press(await browser.open(url.href), { identifier: email });
      const consent = await browser.press(who, { current: password });
      expect(consent.html).to.include('Shop');
      const back = await browser.press(consent, { decision: 'agree' });
      expect(back.url).to.satisfy((at: string) => at.startsWith(`${callback}?`));

      const tokens = await openid.authorizationCodeGrant(config, new URL(back.url), {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      expect(tokens.claims()?.sub).to.equal(user);
      const about = await openid.fetchUserInfo(config, tokens.access_token, user);
      expect(about).to.include({ sub: user, email, email_verified: true });

      const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
      expect(refreshed.refresh_token).to.be.a('string').that.does.not.equal(tokens.refresh_token);

      // Signed in and agreed: the second time nobody is asked anything.
      const again = await browser.open(url.href);
      expect(new URL(again.url).searchParams.get('code')).to.be.a('string');
    });
  }
});
