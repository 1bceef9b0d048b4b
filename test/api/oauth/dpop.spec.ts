import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as oauth from 'oauth4webapi';
import { Annal, password } from '../../support/annal.js';
import { Browser, fetchOf, origin, overTls } from '../../support/browser.js';
import { admitted, root } from '../../support/people.js';

const callback = 'https://bank.example.com/callback';
const issuer = `${origin}/t/default`;
const endpoint = `${issuer}/oauth2/token`;

type Key = Readonly<{ privateKey: CryptoKey; jwk: Readonly<Record<string, unknown>> }>;

async function newKey(algorithm = 'ES256'): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)) } };
}

const ath = (token: string): string => createHash('sha256').update(token).digest('base64url');

describe('DPoP (RFC 9449)', () => {
  let annal: Annal;
  let admin: string;
  let machine: Readonly<{ client: string; secret: string }>;
  let key: Key;

  const registered = async (body: object): Promise<Readonly<{ client: string; secret: string }>> => {
    const answer = await annal.call<{ client: string; secret: string }>('POST', '/api/v1/tenants/default/clients', {
      body,
      token: admin,
    });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  };

  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
    machine = await registered({ name: 'Robot', kind: 'machine' });
    key = await newKey();
  });
  after(() => annal.stop());

  const now = (): number => Math.floor(Date.parse(annal.clock.now()) / 1_000);

  function proofOf(
    claims: Readonly<Record<string, unknown>> = {},
    { header = {}, by = key }: Readonly<{ header?: object; by?: Key }> = {},
  ): Promise<string> {
    const said = { jti: randomUUID(), htm: 'POST', htu: endpoint, iat: now(), ...claims };
    const left = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    return new SignJWT(left)
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: by.jwk, ...header })
      .sign(by.privateKey);
  }

  const basic = (): string => `Basic ${Buffer.from(`${machine.client}:${machine.secret}`).toString('base64')}`;
  const asked = (dpop?: string) =>
    annal.call<{ access_token: string; token_type: string; error?: string }>('POST', '/t/default/oauth2/token', {
      form: { grant_type: 'client_credentials' },
      headers: { authorization: basic(), ...(dpop !== undefined && { dpop }) },
    });
  const introspected = async (token: string) =>
    (
      await annal.call<{ active: boolean; token_type?: string; cnf?: { jkt: string } }>(
        'POST',
        '/t/default/oauth2/introspect',
        { form: { token }, headers: { authorization: basic() } },
      )
    ).body;

  it('binds a token to the key that was proved, and says so', async () => {
    const { body, text } = await asked(await proofOf());
    expect(body.token_type, text).to.equal('DPoP');
    const jkt = await calculateJwkThumbprint(key.jwk);
    expect(await introspected(body.access_token)).to.deep.include({ active: true, token_type: 'DPoP', cnf: { jkt } });
    expect((await asked()).body.token_type).to.equal('Bearer');
  });

  const wrong: Readonly<Record<string, () => Promise<string>>> = {
    'no JWT': async () => 'proof',
    'two proofs': async () => `${await proofOf()}, ${await proofOf()}`,
    'of another type': () => proofOf({}, { header: { typ: 'JWT' } }),
    'without a type': () => proofOf({}, { header: { typ: undefined } }),
    'without a key': () => proofOf({}, { header: { jwk: undefined } }),
    'signed by another key than it brings along': async () => proofOf({}, { header: { jwk: (await newKey()).jwk } }),
    'with a private key in it': async () => proofOf({}, { header: { jwk: await exportJWK(key.privateKey) } }),
    'not signed': async () => `${(await proofOf({}, { header: {} })).split('.').slice(0, 2).join('.')}.`,
    'with alg none': async () => {
      const [, payload = ''] = (await proofOf()).split('.');
      const header = Buffer.from(JSON.stringify({ typ: 'dpop+jwt', alg: 'none', jwk: key.jwk })).toString('base64url');
      return `${header}.${payload}.`;
    },
    'in RS256': async () => {
      const by = await newKey('RS256');
      return proofOf({}, { header: { alg: 'RS256' }, by });
    },
    'without jti': () => proofOf({ jti: undefined }),
    'with an empty jti': () => proofOf({ jti: '' }),
    'with a jti that is no text': () => proofOf({ jti: 7 }),
    'for another method': () => proofOf({ htm: 'GET' }),
    'for the method in other letters': () => proofOf({ htm: 'post' }),
    'without a method': () => proofOf({ htm: undefined }),
    'for another endpoint': () => proofOf({ htu: `${issuer}/oauth2/par` }),
    'for another host': () => proofOf({ htu: endpoint.replace('id.', 'evil.') }),
    'for another tenant': () => proofOf({ htu: `${origin}/t/system/oauth2/token` }),
    'without an endpoint': () => proofOf({ htu: undefined }),
    'without a time': () => proofOf({ iat: undefined }),
    'an hour old': () => proofOf({ iat: now() - 3_600 }),
    'from an hour ahead': () => proofOf({ iat: now() + 3_600 }),
    'not good yet': () => proofOf({ nbf: now() + 3_600 }),
    'good no longer': () => proofOf({ exp: now() - 3_600 }),
  };
  for (const [what, make] of Object.entries(wrong)) {
    it(`takes no proof ${what}`, async () => {
      const { status, body } = await asked(await make());
      expect([status, body.error]).to.deep.equal([400, 'invalid_dpop_proof']);
    });
  }

  it('takes a proof once, of fifty at the same time too', async () => {
    const proof = await proofOf();
    const answers = await Promise.all(Array.from({ length: 50 }, () => asked(proof)));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
  });

  it('compares addresses as RFC 3986 does: letters of scheme and host, the usual port, without the query', async () => {
    for (const htu of [
      endpoint.replace('https://id', 'HTTPS://ID'),
      endpoint.replace('.com/', '.com:443/'),
      `${endpoint}?a=b`,
    ]) {
      expect((await asked(await proofOf({ htu }))).status, htu).to.equal(200);
    }
  });

  it('is required of clients that are registered so', async () => {
    const { client, secret } = await registered({ name: 'Strict', kind: 'machine', dpopBoundAccessTokens: true });
    const { status, body } = await annal.call<{ error: string }>('POST', '/t/default/oauth2/token', {
      form: { grant_type: 'client_credentials' },
      headers: { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` },
    });
    expect([status, body.error]).to.deep.equal([400, 'invalid_dpop_proof']);
  });

  it('RT-10: works for a stock client from the request to the resource, and for nobody without its key', async () => {
    const options = { [oauth.customFetch]: (url: string, init: object) => fetchOf(annal)(url, init) };
    const discovered = await oauth.discoveryRequest(new URL(issuer), options);
    const server = await oauth.processDiscoveryResponse(new URL(issuer), discovered);
    const { client: id } = await registered({
      name: 'App',
      kind: 'spa',
      redirectUris: [callback],
      scopes: ['openid', 'email', 'offline_access'],
    });
    const client: oauth.Client = { client_id: id };
    const pair = await oauth.generateKeyPair('ES256');
    const DPoP = oauth.DPoP(client, pair);
    const verifier = oauth.generateRandomCodeVerifier();
    const url = new URL(server.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      client_id: id,
      response_type: 'code',
      redirect_uri: callback,
      scope: 'openid email offline_access',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      dpop_jkt: await DPoP.calculateThumbprint(),
    }).toString();
    const { email, user } = await admitted(annal, admin);
    const browser = new Browser(annal);
    const code = async (): Promise<URLSearchParams> => {
      let page = await browser.open(url.href);
      if (page.status === 200 && page.html.includes('name="identifier"')) {
        page = await browser.press(await browser.press(page, { identifier: email }), { current: password });
      }
      if (page.status === 200) page = await browser.press(page, { decision: 'agree' });
      return oauth.validateAuthResponse(server, client, new URL(page.url), oauth.expectNoState);
    };
    const redeem = async (more: object) =>
      oauth.authorizationCodeGrantRequest(server, client, oauth.None(), await code(), callback, verifier, {
        ...options,
        ...more,
      });
    expect((await redeem({})).status, 'without the key that the request named').to.equal(400);
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, await redeem({ DPoP }));
    expect(tokens.token_type).to.equal('dpop');

    const info = async (more: object) => {
      const answer = await oauth.userInfoRequest(server, client, tokens.access_token, { ...options, ...more });
      return answer.status;
    };
    const about = await oauth.processUserInfoResponse(
      server,
      client,
      user,
      await oauth.userInfoRequest(server, client, tokens.access_token, { ...options, DPoP }),
    );
    expect(about.sub).to.equal(user);
    expect(await info({}).catch((error: { status?: number }) => error.status), 'as a bearer token').to.equal(401);
    const thief = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    expect(await info({ DPoP: thief }).catch((error: { status?: number }) => error.status)).to.equal(401);

    const refresh = (more: object) =>
      oauth.refreshTokenGrantRequest(server, client, oauth.None(), tokens.refresh_token ?? '', { ...options, ...more });
    for (const more of [{}, { DPoP: thief }]) expect((await refresh(more)).status).to.equal(400);
    const fresh = await oauth.processRefreshTokenResponse(server, client, await refresh({ DPoP }));
    expect(fresh.token_type, 'whoever had the token alone has ended nothing').to.equal('dpop');
  });

  it('wants the hash of the token in the proof that comes with it', async () => {
    const { accessToken } = { accessToken: (await asked(await proofOf())).body.access_token };
    const htu = `${issuer}/oauth2/userinfo`;
    const shown = async (claims: object) =>
      annal.call('GET', '/t/default/oauth2/userinfo', {
        headers: { authorization: `DPoP ${accessToken}`, dpop: await proofOf({ htm: 'GET', htu, ...claims }) },
      });
    for (const claims of [{}, { ath: ath('another') }, { ath: ath(accessToken), htm: 'POST' }]) {
      const { status, headers } = await shown(claims);
      expect(status).to.equal(401);
      expect(headers.get('www-authenticate')).to.include('DPoP').and.to.include('invalid_dpop_proof');
    }
    // A client that acts for itself is no person: it is known, and may not.
    expect((await shown({ ath: ath(accessToken) })).status).to.equal(403);
  });
});
