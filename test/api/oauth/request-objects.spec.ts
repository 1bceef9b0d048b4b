import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Annal } from '../../support/annal.js';
import { overTls } from '../../support/browser.js';
import { callback, issuer, RelyingParty } from '../../support/conformance.js';
import { admitted, root } from '../../support/people.js';

type Signing = Readonly<{ typ?: string; key?: CryptoKey; claims?: object; more?: object }>;

describe('requests that were signed (RFC 9101)', () => {
  let annal: Annal;
  let admin: string;
  let rp: RelyingParty;
  let own: CryptoKeyPair;
  let foreign: CryptoKeyPair;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
    own = await generateKeyPair('ES256', { extractable: true });
    foreign = await generateKeyPair('ES256', { extractable: true });
    const keys = [{ ...(await exportJWK(own.publicKey)), kid: 'k1', use: 'sig' }];
    const client = await RelyingParty.register(annal, admin, {
      jwks: { keys },
      requestObjectAlgorithm: 'ES256',
      requireSignedRequestObject: true,
    });
    rp = new RelyingParty(annal, admin, 'query', client, await admitted(annal, admin));
  });
  after(() => annal.stop());

  const object = ({ typ = 'oauth-authz-req+jwt', key = own.privateKey, claims = {}, more = {} }: Signing = {}) => {
    const now = Math.floor(Date.parse(annal.clock.now()) / 1000);
    const times = { iat: now, nbf: now, exp: now + 300 };
    return new SignJWT({ ...rp.parameters(more), iss: rp.client.id, aud: issuer, ...times, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ, kid: 'k1' })
      .sign(key);
  };
  const ask = async (signing?: Signing, outside: object = {}) => {
    const request = await object(signing);
    const parameters = { client_id: rp.client.id, redirect_uri: callback, request, ...outside };
    return rp.visit(`/t/default/oauth2/authorize?${new URLSearchParams(parameters).toString()}`);
  };

  it('are answered by what was signed, and nothing outside counts', async () => {
    const outside = { state: 'outside', redirect_uri: 'https://evil.example/cb', scope: 'openid email' };
    const { answer, page } = await ask({ more: { state: 'inside', max_age: '5000' } }, outside);
    expect(page.url, page.html).to.satisfy((url: string) => url.startsWith(`${callback}?`));
    expect(answer['state']).to.equal('inside');
    const { body } = await rp.redeem(answer['code'] ?? '');
    expect(body['scope']).to.equal('openid');
  });

  it('are pushed as well', async () => {
    const request = await object();
    const pushed = await rp.post('/t/default/oauth2/par', { request });
    expect(pushed.status, JSON.stringify(pushed.body)).to.equal(201);
    expect((await rp.post('/t/default/oauth2/par', rp.parameters())).body['error']).to.equal('invalid_request');
  });

  const wrong: readonly (readonly [what: string, signing: () => Signing])[] = [
    ['signed by somebody else', () => ({ key: foreign.privateKey })],
    ['another kind of JWT', () => ({ typ: 'JWT' })],
    ['of another client', () => ({ claims: { iss: 'somebody' } })],
    ['about the client, as an assertion of it is', () => ({ claims: { iss: rp.client.id, sub: rp.client.id } })],
    ['of a client that is not the one outside', () => ({ more: { client_id: 'somebody' } })],
    ['for another issuer', () => ({ claims: { aud: 'https://other.example' } })],
    ['over', () => ({ claims: { exp: 1_700_000_000 } })],
    ['without an end', () => ({ claims: { exp: undefined } })],
    ['not begun', () => ({ claims: { nbf: 4_000_000_000 } })],
    ['with an object inside', () => ({ claims: { request: 'x.y.z' } })],
    ['with a reference inside', () => ({ claims: { request_uri: 'urn:x' } })],
  ];
  for (const [what, signing] of wrong) {
    it(`are refused when ${what}`, async () => {
      expect((await ask(signing())).answer['error']).to.equal('invalid_request_object');
    });
  }

  it('must be signed by clients that said so', async () => {
    expect((await rp.authorize()).answer['error']).to.equal('invalid_request');
  });

  it('lead nowhere that is not registered, whoever signed', async () => {
    const { page } = await ask({ more: { redirect_uri: 'https://evil.example/cb' } });
    expect([page.status, page.headers.get('location')]).to.deep.equal([400, null]);
  });
});
