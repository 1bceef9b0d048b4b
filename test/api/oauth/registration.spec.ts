import { expect } from 'chai';
import * as openid from 'openid-client';
import { Annal, password } from '../../support/annal.js';
import { Browser, fetchOf, origin, overTls } from '../../support/browser.js';
import { admitted, root } from '../../support/people.js';
import { type Registered, Registering, redirectUris } from '../../support/registering.js';

const server = new URL(`${origin}/t/default`);

describe('registration by applications themselves', () => {
  let annal: Annal;
  let admin: string;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
  });
  after(() => annal.stop());

  for (const method of ['client_secret_basic', 'none'] as const) {
    it(`a stock client registers itself by an initial access token and signs somebody in: ${method}`, async () => {
      await new Registering(annal, origin).allow({ mode: 'initial-access-token' });
      const issued = await annal.call<{ token: string }>('POST', '/api/v1/tenants/default/initial-access-tokens', {
        body: { uses: 1, expiresInSeconds: 600 },
        token: admin,
      });
      const config = await openid.dynamicClientRegistration(
        server,
        {
          redirect_uris: redirectUris,
          client_name: 'Own Shop',
          token_endpoint_auth_method: method,
          contacts: ['a@b.c'],
        },
        method === 'none' ? openid.None() : undefined,
        { initialAccessToken: issued.body.token, [openid.customFetch]: fetchOf(annal) as openid.CustomFetch },
      );
      expect(config.clientMetadata()).to.include({ client_name: 'Own Shop', token_endpoint_auth_method: method });
      expect(config.clientMetadata()).not.to.have.property('contacts');

      const codeVerifier = openid.randomPKCECodeVerifier();
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: redirectUris[0] ?? '',
        scope: 'openid email',
        code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      });
      const { email, user } = await admitted(annal, admin);
      const browser = new Browser(annal);
      const consent = await browser.press(await browser.open(url.href), { identifier: email, current: password });
      // A stranger: the person is asked, and told where the answer goes.
      expect(consent.html).to.include('Own Shop');
      const back = await browser.press(consent, { decision: 'agree' });
      const tokens = await openid.authorizationCodeGrant(config, new URL(back.url), { pkceCodeVerifier: codeVerifier });
      expect(tokens.claims()?.sub).to.equal(user);
    });
  }

  it('tells back what it took, with the defaults of RFC 7591, and calls the nameless by where they are', async () => {
    const apps = new Registering(annal, origin);
    await apps.allow({ mode: 'open' });
    const { body, status } = await apps.register({
      request_uris: ['https://rp.example.com/r'],
      'client_name#de': 'Laden',
    });
    expect(status).to.equal(201);
    expect(body).to.deep.include({
      client_name: 'rp.example.com',
      application_type: 'web',
      redirect_uris: redirectUris,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      client_secret_expires_at: 0,
    });
    expect(body).to.have.property('client_secret');
    expect(body).not.to.have.any.keys('request_uris', 'client_name#de');
  });

  it('is replaced as a whole: what is left out is gone', async () => {
    const apps = new Registering(annal, origin);
    await apps.allow({ mode: 'open' });
    const said = { logo_uri: 'https://rp.example.com/logo.svg', default_max_age: 60, software_id: 'shop' };
    const made: Registered = await apps.made(said);
    expect(made).to.include(said);
    const { body, status } = await apps.manage('PUT', made, made.registration_access_token, {
      client_id: made.client_id,
      redirect_uris: redirectUris,
      software_id: 'shop',
    });
    expect(status).to.equal(200);
    expect(body).to.include({ software_id: 'shop' }).and.not.have.any.keys('logo_uri', 'default_max_age');
  });
});
