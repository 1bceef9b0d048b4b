import { expect } from 'chai';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Annal } from '../support/annal.js';
import { basic } from '../support/attacking.js';
import { origin, overTls } from '../support/browser.js';
import { KnownDocuments } from '../support/known-documents.js';
import { newPerson, root } from '../support/people.js';

const issuer = `${origin}/t/default`;
const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const keysAt = 'https://shop.example.com/keys';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;
type Client = Readonly<{ id: string; secret: string }>;

/** Somebody signs in the name of a client, or shows again what the client signed. */
describe('attacks with client assertions', () => {
  const documents = new KnownDocuments();
  let annal: Annal;
  let admin: string;
  let token: string;
  let pair: KeyPair;
  let rsa: KeyPair;
  let byKey: Client;
  let bySecret: Client;
  let counter = 0;

  before(async () => {
    annal = await Annal.start({ foundation: { ...overTls, outbound: documents } });
    admin = await root(annal);
    token = (await newPerson(annal)).accessToken;
    [pair, rsa] = [await generateKeyPair('ES256'), await generateKeyPair('RS256')];
    const keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'one' }];
    byKey = await register({ authenticationMethod: 'private_key_jwt', jwks: { keys } });
    bySecret = await register({ authenticationMethod: 'client_secret_jwt' });
  });
  after(() => annal.stop());

  async function register(body: object): Promise<Client> {
    const answer = await annal.call<{ client: string; secret?: string }>('POST', '/api/v1/tenants/default/clients', {
      body: { name: 'Shop', kind: 'machine', ...body },
      token: admin,
    });
    if (answer.status !== 201) throw new Error(answer.text);
    return { id: answer.body.client, secret: answer.body.secret ?? '' };
  }

  const now = (): number => Math.floor(Date.parse(annal.clock.now()) / 1000);
  const claimsOf = (id: string, changes: Readonly<Record<string, unknown>> = {}): JWTPayload => ({
    ...{ iss: id, sub: id, aud: issuer, iat: now(), exp: now() + 60, jti: `jti-${(counter += 1)}` },
    ...changes,
  });
  const signed = (claims: JWTPayload, key: Parameters<SignJWT['sign']>[0] = pair.privateKey, header: object = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', ...header }).sign(key);

  const introspect = (form: Record<string, string>, headers = {}) =>
    annal.call<{ active?: boolean; error?: string }>('POST', '/t/default/oauth2/introspect', {
      form: { token, ...form },
      headers,
    });
  async function isProved(assertion: string, more: Record<string, string> = {}): Promise<boolean> {
    const { status, body } = await introspect({ client_assertion: assertion, client_assertion_type: type, ...more });
    if (status === 200) return body.active === true;
    expect({ status, error: body.error }).to.deep.equal({ status: 401, error: 'invalid_client' });
    return false;
  }

  it('the client itself is believed, by its key and by its secret', async () => {
    expect(await isProved(await signed(claimsOf(byKey.id)))).to.equal(true);
    expect(await isProved(await signed(claimsOf(byKey.id), pair.privateKey, { kid: 'one' }))).to.equal(true);
    const secret = Buffer.from(bySecret.secret);
    expect(await isProved(await signed(claimsOf(bySecret.id), secret, { alg: 'HS256' }))).to.equal(true);
  });

  it('VC-14: an assertion is shown a second time, at the same door or another; it counts once', async () => {
    const assertion = await signed(claimsOf(byKey.id));
    const answers = await Promise.all(Array.from({ length: 20 }, () => isProved(assertion)));
    expect(answers.filter(Boolean)).to.have.lengthOf(1);
    const form = { client_assertion: assertion, client_assertion_type: type, token: 'none' };
    expect((await annal.call('POST', '/t/default/oauth2/revoke', { form })).status).to.equal(401);
  });

  const wrong: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
    'for the token endpoint': () => ({ aud: `${issuer}/oauth2/token` }),
    'for several servers': () => ({ aud: [issuer, 'https://evil.example'] }),
    'for this server in a list': () => ({ aud: [issuer] }),
    'for another tenant': () => ({ aud: `${origin}/t/system` }),
    'for this server with a slash': () => ({ aud: `${issuer}/` }),
    'for nobody': () => ({ aud: undefined }),
    'by somebody else': () => ({ iss: 'https://evil.example' }),
    'about somebody else': () => ({ sub: bySecret.id }),
    'without an end': () => ({ exp: undefined }),
    'that has ended': () => ({ exp: now() }),
    'that lasts too long': () => ({ exp: now() + 311 }),
    'of tomorrow': () => ({ iat: now() + 60 }),
    'not good yet': () => ({ nbf: now() + 60 }),
    'without an id': () => ({ jti: undefined }),
    'with an empty id': () => ({ jti: '' }),
    'with an endless id': () => ({ jti: 'x'.repeat(257) }),
  };
  for (const [name, changes] of Object.entries(wrong)) {
    it(`VC-14: an assertion ${name} proves nothing`, async () => {
      expect(await isProved(await signed(claimsOf(byKey.id, changes())))).to.equal(false);
    });
  }

  for (const typ of ['oauth-authz-req+jwt', 'at+jwt', 'dpop+jwt', 'secevent+jwt']) {
    it(`VC-14: what the client signed as ${typ} proves nothing, whatever else it says`, async () => {
      expect(await isProved(await signed(claimsOf(byKey.id), pair.privateKey, { typ }))).to.equal(false);
    });
  }

  it('what says to be an assertion, or nothing, is one', async () => {
    for (const typ of ['JWT', 'client-authentication+jwt']) {
      expect(await isProved(await signed(claimsOf(byKey.id), pair.privateKey, { typ }))).to.equal(true);
    }
  });

  it('VC-14: a signature of another key, of no key, or by a key that is no secret proves nothing', async () => {
    const other = await generateKeyPair('ES256');
    expect(await isProved(await signed(claimsOf(byKey.id), other.privateKey))).to.equal(false);
    expect(await isProved(await signed(claimsOf(byKey.id), rsa.privateKey, { alg: 'RS256' }))).to.equal(false);
    expect(await isProved(new UnsecuredJWT(claimsOf(byKey.id)).encode())).to.equal(false);
    const jwk = await exportJWK(pair.publicKey);
    for (const text of [JSON.stringify(jwk), jwk.x ?? '']) {
      const asSecret = Buffer.from(text.padEnd(32, '='));
      expect(await isProved(await signed(claimsOf(byKey.id), asSecret, { alg: 'HS256' }))).to.equal(false);
    }
    const otherSecret = Buffer.from(byKey.id.padEnd(64, '='));
    expect(await isProved(await signed(claimsOf(bySecret.id), otherSecret, { alg: 'HS256' }))).to.equal(false);
    // The key in the header is the attacker's (RFC 7515 section 4.1.3).
    const header = { jwk: await exportJWK(other.publicKey), jku: 'https://evil.example/keys' };
    expect(await isProved(await signed(claimsOf(byKey.id), other.privateKey, header))).to.equal(false);
    expect(documents.read).not.to.include('https://evil.example/keys');
  });

  it('VC-14: what a client registered is the only thing that proves it', async () => {
    const secret = Buffer.from(bySecret.secret);
    expect((await introspect({}, { authorization: basic(bySecret.id, bySecret.secret) })).status).to.equal(401);
    expect((await introspect({ client_id: bySecret.id, client_secret: bySecret.secret })).status).to.equal(401);
    expect((await introspect({ client_id: byKey.id })).status).to.equal(401);
    const sent = await register({});
    const assertion = await signed(claimsOf(sent.id), Buffer.from(sent.secret), { alg: 'HS256' });
    expect(await isProved(assertion)).to.equal(false);
    // One of several proofs is one too many (RFC 6749 section 2.3), and so is another name.
    const right = await signed(claimsOf(bySecret.id), secret, { alg: 'HS256' });
    const both = { client_assertion: right, client_assertion_type: type };
    expect((await introspect(both, { authorization: basic(sent.id, sent.secret) })).status).to.equal(401);
    expect((await introspect({ ...both, client_secret: 'x', client_id: bySecret.id })).status).to.equal(401);
    expect(await isProved(right, { client_id: sent.id })).to.equal(false);
    const named = await signed(claimsOf(bySecret.id), secret, { alg: 'HS256' });
    expect((await introspect({ client_assertion: named })).status).to.equal(401);
    expect((await introspect({ client_assertion: named, client_assertion_type: 'jwt' })).status).to.equal(401);
  });

  it('VC-14: a client that named its algorithm is believed by no other', async () => {
    const keys = [await exportJWK(pair.publicKey), await exportJWK(rsa.publicKey)];
    const body = { authenticationMethod: 'private_key_jwt', authenticationSigningAlgorithm: 'ES256', jwks: { keys } };
    const { id } = await register(body);
    expect(await isProved(await signed(claimsOf(id), rsa.privateKey, { alg: 'RS256' }))).to.equal(false);
    expect(await isProved(await signed(claimsOf(id)))).to.equal(true);
  });

  it('VC-12: a client that is disabled proves nothing any more, nor does its old secret once it has ended', async () => {
    const path = `/api/v1/tenants/default/clients/${bySecret.id}`;
    const [first] = [Buffer.from(bySecret.secret)];
    const rotated = await annal.call<{ secret: string }>('POST', `${path}/secret?keepOldSeconds=60`, { token: admin });
    const second = Buffer.from(rotated.body.secret);
    const proves = async (secret: Uint8Array) =>
      isProved(await signed(claimsOf(bySecret.id), secret, { alg: 'HS256' }));
    expect([await proves(first), await proves(second)]).to.deep.equal([true, true]);
    annal.clock.advance(60);
    expect([await proves(first), await proves(second)]).to.deep.equal([false, true]);
    await annal.call('POST', `${path}/disable`, { token: admin });
    expect(await proves(second)).to.equal(false);
  });

  it('VC-23: keys at an address are read when they are needed, and not at every question', async () => {
    const { id } = await register({ authenticationMethod: 'private_key_jwt', jwksUri: keysAt });
    const asked = () => documents.read.filter((url) => url === keysAt).length;
    expect(await isProved(await signed(claimsOf(id)))).to.equal(false);
    expect(await isProved(await signed(claimsOf(id)))).to.equal(false);
    expect(asked()).to.equal(1);

    const publish = async (kid: string, { publicKey }: KeyPair) =>
      documents.documents.set(keysAt, { keys: [{ ...(await exportJWK(publicKey)), kid }, { kty: 'oct', k: 'x' }, 7] });
    await publish('one', pair);
    annal.clock.advance(30);
    token = (await newPerson(annal)).accessToken;
    const all = [1, 2, 3].map(async () => isProved(await signed(claimsOf(id), pair.privateKey, { kid: 'one' })));
    expect(await Promise.all(all)).to.deep.equal([true, true, true]);
    expect(asked()).to.equal(2);

    // The client takes another key: known within half a minute of being shown, and the old one is forgotten.
    const next = await generateKeyPair('ES256');
    await publish('two', next);
    expect(await isProved(await signed(claimsOf(id), next.privateKey, { kid: 'two' }))).to.equal(false);
    annal.clock.advance(30);
    expect(await isProved(await signed(claimsOf(id), next.privateKey, { kid: 'two' }))).to.equal(true);
    expect(await isProved(await signed(claimsOf(id)))).to.equal(false);
    expect(asked()).to.equal(3);
  });
});
