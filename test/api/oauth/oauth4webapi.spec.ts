import { expect } from 'chai';
import { exportJWK } from 'jose';
import * as oauth from 'oauth4webapi';
import { Annal, password } from '../../support/annal.js';
import { Browser, fetchOf, origin, overTls } from '../../support/browser.js';
import { admitted, root } from '../../support/people.js';

const callback = 'https://bank.example.com/callback';

describe('oauth4webapi', () => {
  let annal: Annal;
  let admin: string;
  let server: oauth.AuthorizationServer;
  const options = { [oauth.customFetch]: (url: string, init: object) => fetchOf(annal)(url, init) };

  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
    const issuer = new URL(`${origin}/t/default`);
    const answer = await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oidc' });
    server = await oauth.processDiscoveryResponse(issuer, answer);
  });
  after(() => annal.stop());

  it('reads the metadata of the authorization server where RFC 8414 puts it, too', async () => {
    const issuer = new URL(`${origin}/t/default`);
    const answer = await oauth.discoveryRequest(issuer, { ...options, algorithm: 'oauth2' });
    expect(await oauth.processDiscoveryResponse(issuer, answer)).to.deep.equal(server);
  });

  it('pushes a request, proves itself by a signed assertion, and goes through a whole life of tokens', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
    const { body, text } = await annal.call<{ client: string }>('POST', '/api/v1/tenants/default/clients', {
      body: {
        name: 'Bank',
        kind: 'web',
        redirectUris: [callback],
        authenticationMethod: 'private_key_jwt',
        jwks: { keys: [jwk] },
        requirePushedAuthorizationRequests: true,
        scopes: ['openid', 'email', 'offline_access'],
      },
      token: admin,
    });
    expect(body.client, text).to.be.a('string');
    const client: oauth.Client = { client_id: body.client };
    const proof = oauth.PrivateKeyJwt({ key: pair.privateKey, kid: 'k1' });

    const verifier = oauth.generateRandomCodeVerifier();
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
    const pushed = await oauth.processPushedAuthorizationResponse(
      server,
      client,
      await oauth.pushedAuthorizationRequest(
        server,
        client,
        proof,
        {
          response_type: 'code',
          redirect_uri: callback,
          scope: 'openid email offline_access',
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          state,
          nonce,
        },
        options,
      ),
    );
    const url = new URL(server.authorization_endpoint ?? '');
    url.search = new URLSearchParams({ client_id: body.client, request_uri: pushed.request_uri }).toString();

    const { email, user } = await admitted(annal, admin);
    const browser = new Browser(annal);
    const who = await browser.press(await browser.open(url.href), { identifier: email });
    const back = await browser.press(await browser.press(who, { current: password }), { decision: 'agree' });
    const answered = oauth.validateAuthResponse(server, client, new URL(back.url), state);
    const tokens = await oauth.processAuthorizationCodeResponse(
      server,
      client,
      await oauth.authorizationCodeGrantRequest(server, client, proof, answered, callback, verifier, options),
      { expectedNonce: nonce, requireIdToken: true },
    );
    expect(oauth.getValidatedIdTokenClaims(tokens)?.sub).to.equal(user);

    const about = await oauth.processUserInfoResponse(
      server,
      client,
      user,
      await oauth.userInfoRequest(server, client, tokens.access_token, options),
    );
    expect(about).to.include({ sub: user, email });

    const refreshed = await oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, proof, tokens.refresh_token ?? '', options),
    );
    const isActive = async (token: string): Promise<boolean> =>
      (
        await oauth.processIntrospectionResponse(
          server,
          client,
          await oauth.introspectionRequest(server, client, proof, token, options),
        )
      ).active;
    expect(await isActive(refreshed.access_token)).to.equal(true);
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(server, client, proof, refreshed.refresh_token ?? '', options),
    );
    expect(await isActive(refreshed.access_token)).to.equal(false);
  });
});
