import { hash } from 'node:crypto';
import { expect } from 'chai';
import * as jose from 'jose';
import * as openid from 'openid-client';
import { SigningKeyMaintenance } from '../../../src/application/signing-key-maintenance.js';
import { type SigningAlgorithm, signingAlgorithms } from '../../../src/domain/signingkeys/signing-keys.js';
import { Annal, password } from '../../support/annal.js';
import { Browser, fetchOf, origin, overTls } from '../../support/browser.js';
import { admitted, api, root, signedIn } from '../../support/people.js';
import { isActive, newClient } from '../../support/attacking.js';

const callback = 'https://shop.example.com/callback';
const keys = '/api/v1/tenants/default/signing-keys';

type Key = Readonly<{ id: string; algorithm: SigningAlgorithm; status: string }>;

describe('signing keys', () => {
  let annal: Annal;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
  });
  after(() => annal.stop());

  const listed = async (algorithm: SigningAlgorithm): Promise<Readonly<Record<string, string>>> => {
    const { body } = await annal.call<{ keys: Key[] }>('GET', keys, { token: await root(annal) });
    const own = body.keys.filter((key) => key.algorithm === algorithm);
    return Object.fromEntries(own.map(({ status, id }) => [status, id]));
  };
  const published = async (): Promise<jose.JSONWebKeySet> =>
    (await annal.call<jose.JSONWebKeySet>('GET', '/t/default/jwks.json')).body;

  /** Signs somebody in at a client that registered the algorithm. */
  async function tokensOf(idTokenAlgorithm: SigningAlgorithm): Promise<Readonly<Record<'id' | 'access', string>>> {
    const body = { name: 'Shop', redirectUris: [callback], confidential: true, firstParty: true, idTokenAlgorithm };
    const made = await annal.call<{ client: string; secret: string }>('POST', '/api/v1/tenants/default/clients', {
      body,
      token: await root(annal),
    });
    const { client, secret } = made.body;
    const config = await openid.discovery(
      new URL(`${origin}/t/default`),
      client,
      { client_secret: secret, id_token_signed_response_alg: idTokenAlgorithm },
      undefined,
      { [openid.customFetch]: fetchOf(annal) as openid.CustomFetch },
    );
    const codeVerifier = openid.randomPKCECodeVerifier();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid',
      code_challenge: await openid.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    const { email } = await admitted(annal, await root(annal));
    const browser = new Browser(annal);
    const back = await browser.press(await browser.open(url.href), { identifier: email, current: password });
    const tokens = await openid.authorizationCodeGrant(config, new URL(back.url), {
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    });
    return { id: tokens.id_token ?? '', access: tokens.access_token };
  }

  for (const algorithm of signingAlgorithms) {
    it(`are made when ${algorithm} is first asked for; the ID token and its at_hash follow the algorithm`, async () => {
      const { id, access } = await tokensOf(algorithm);
      const { protectedHeader, payload } = await jose.jwtVerify(id, jose.createLocalJWKSet(await published()), {
        currentDate: new Date(annal.clock.now()),
      });
      expect(protectedHeader).to.include({ alg: algorithm, kid: (await listed(algorithm))['current'] });
      const whole = Buffer.from(hash(algorithm === 'EdDSA' ? 'sha512' : 'sha256', access, 'base64url'), 'base64url');
      expect(payload['at_hash']).to.equal(whole.subarray(0, whole.length / 2).toString('base64url'));
      expect(await listed(algorithm)).to.have.all.keys('current', 'next');
    });

    it(`rotate for ${algorithm} by itself`, async () => {
      await tokensOf(algorithm);
      const before = await listed(algorithm);
      const body = { algorithm, force: true };
      const rotated = await annal.call('POST', `${keys}/rotate`, { body, token: await root(annal) });
      expect(rotated.status).to.equal(204);
      const after = await listed(algorithm);
      expect(after['current']).to.equal(before['next']);
      expect(after['previous']).to.equal(before['current']);
      expect(after['next']).to.be.a('string').that.does.not.equal(before['next']);
    });
  }

  it('are rotated by the schedule, whatever their algorithm', async () => {
    for (const algorithm of signingAlgorithms) await tokensOf(algorithm);
    const before = await Promise.all(signingAlgorithms.map(listed));
    annal.clock.advance(91 * 86_400);
    await annal.container.get(SigningKeyMaintenance).run(annal.clock.now());
    const after = await Promise.all(signingAlgorithms.map(listed));
    expect(after.map((one) => one['current'])).to.deep.equal(before.map((one) => one['next']));
    for (const one of after) expect(one).to.have.property('next');
  });

  it('may be kept by caches for five minutes', async () => {
    const { headers } = await annal.call('GET', '/t/default/jwks.json');
    expect(headers.get('cache-control')).to.equal('public, max-age=300, stale-while-revalidate=600');
  });

  it('that are compromised are retired at once, with whatever they signed; the next one signs', async () => {
    const { email } = await admitted(annal, await root(annal));
    const resource = await newClient(annal, true);
    const { accessToken } = await signedIn(annal, email);
    expect(await isActive(annal, resource, accessToken)).to.equal(true);
    const before = await listed('ES256');
    const compromised = `${keys}/${before['current'] ?? ''}/compromised`;
    const idempotencyKey = { 'idempotency-key': crypto.randomUUID() };
    const token = await root(annal);
    for (const headers of [idempotencyKey, idempotencyKey]) {
      expect((await annal.call('POST', compromised, { token, headers })).status).to.equal(204);
    }

    expect(await isActive(annal, resource, accessToken)).to.equal(false);
    expect((await annal.call('GET', `${api}/me`, { token: accessToken })).status).to.equal(401);
    expect((await published()).keys.map(({ kid }) => kid)).not.to.include(before['current']);
    const after = await listed('ES256');
    expect(after).to.have.property('current', before['next']);
    expect(after).to.have.property('next').that.does.not.equal(before['next']);
    const later = await signedIn(annal, email);
    expect(jose.decodeProtectedHeader(later.accessToken).kid).to.equal(before['next']);
    expect(await isActive(annal, resource, later.accessToken)).to.equal(true);

    const again = await annal.call<{ code: string }>('POST', compromised, { token: await root(annal) });
    expect([again.status, again.body.code]).to.deep.equal([404, 'no-such-key']);
  });
});
