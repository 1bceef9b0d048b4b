import { createPublicKey, generateKeyPairSync, createHmac, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { expect } from 'chai';
import { SigningKeyRing } from '../../src/application/signing-keys.js';
import { Transactor } from '../../src/application/transactor.js';
import { keyInRole, signingKeys } from '../../src/domain/signingkeys/signing-keys.js';
import { reveal, type TenantId } from '../../src/domain/values.js';
import { Annal, password } from '../support/annal.js';
import {
  again,
  basic,
  each,
  flipped,
  full,
  inTenant,
  isActive,
  me,
  newClient,
  type TestClient,
  truncated,
} from '../support/attacking.js';
import { api, newPerson, newTenant, type Person, root, type SignInBody, type Tokens } from '../support/people.js';

type Claims = Readonly<Record<string, unknown>>;
type Header = Readonly<Record<string, unknown>>;

const encoded = (value: string | Buffer): string => Buffer.from(value).toString('base64url');
const json = (value: unknown): string => encoded(JSON.stringify(value));
const decoded = (part = ''): Claims => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;

/** Signs anything at all with ES256, the header as it stands. */
function es256(header: Header | string, claims: Claims | string, key: KeyObject): string {
  const text = [header, claims].map((part) => (typeof part === 'string' ? encoded(part) : json(part))).join('.');
  return `${text}.${encoded(sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }))}`;
}

/** Somebody makes, changes or mixes up tokens. */
describe('attacks with tokens', () => {
  let annal: Annal;
  let resource: TestClient;
  let person: Person;
  let stranger: Person;
  let admin: Tokens;
  let real: Tokens;
  let header: Header;
  let claims: Claims;
  let tenant: TenantId;

  before(async () => {
    annal = await Annal.start();
    resource = await newClient(annal, true);
    person = await newPerson(annal);
    stranger = await newPerson(annal);
    const token = await root(annal);
    await annal.call('POST', `/api/v1/tenants/default/users/${stranger.user}/appoint-administrator`, { token });
    admin = await again(annal, stranger);
    real = await again(annal, person);
    const [first, second] = real.accessToken.split('.');
    [header, claims] = [decoded(first), decoded(second)];
    tenant = (await annal.call<{ id: TenantId }>('GET', '/api/v1/tenants/default', { token })).body.id;
  });
  after(() => annal.stop());

  /** Every place that takes an access token. */
  const accepts = async (token: string): Promise<readonly string[]> => {
    const [account, list, active] = await Promise.all([
      annal.call('GET', `${api}/me`, { headers: { authorization: `Bearer ${token}` } }).catch(() => ({ status: 400 })),
      annal
        .call('GET', `${api}/users`, { headers: { authorization: `Bearer ${token}` } })
        .catch(() => ({ status: 400 })),
      isActive(annal, resource, token),
    ]);
    for (const { status } of [account, list]) expect(status).to.be.below(500);
    return [
      ...(account.status === 200 ? ['me'] : []),
      ...(list.status === 200 ? ['users'] : []),
      ...(active ? ['introspection'] : []),
    ];
  };

  async function expectRefused(tokens: Readonly<Record<string, string>>): Promise<void> {
    const accepted = await each(
      Object.entries(tokens),
      async ([name, token]) => (await accepts(token)).map((place) => `${name} at ${place}`),
      8,
    );
    expect(accepted.flat()).to.deep.equal([]);
  }

  it('is about a token that is good', async () => {
    expect(await accepts(real.accessToken)).to.deep.equal(['me', 'introspection']);
    expect(await accepts(admin.accessToken)).to.deep.equal(['me', 'users', 'introspection']);
  });

  it('VC-14: a forger leaves the signature out, or signs with the public key, or with a key of their own', async () => {
    const { body } = await annal.call<{ keys: (JsonWebKey & { kid: string })[] }>('GET', '/t/default/jwks.json');
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const ownJwk = { ...own.publicKey.export({ format: 'jwk' }), kid: 'mine', alg: 'ES256' };
    const tokens: Record<string, string> = {};
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, 'ES257', 'RS256', ['ES256']]) {
      const unsigned = `${json({ ...header, alg })}.${json(claims)}`;
      tokens[`alg ${String(alg)}, no signature`] = `${unsigned}.`;
      tokens[`alg ${String(alg)}, two parts`] = unsigned;
      tokens[`alg ${String(alg)}, the old signature`] = `${unsigned}.${real.accessToken.split('.')[2] ?? ''}`;
    }
    for (const { kid, ...jwk } of body.keys) {
      const key = createPublicKey({ key: jwk, format: 'jwk' });
      const secrets = [
        key.export({ type: 'spki', format: 'pem' }),
        key.export({ type: 'spki', format: 'der' }),
        JSON.stringify(jwk),
        JSON.stringify({ kid, ...jwk }),
        Buffer.from(String(jwk.x), 'base64url'),
        '',
      ];
      for (const [index, secret] of secrets.entries()) {
        for (const alg of ['HS256', 'HS512']) {
          const text = `${json({ ...header, alg, kid })}.${json(claims)}`;
          const mac = createHmac(alg === 'HS256' ? 'sha256' : 'sha512', secret)
            .update(text)
            .digest('base64url');
          tokens[`${alg} with the public key, form ${index} of ${kid}`] = `${text}.${mac}`;
        }
      }
    }
    const injected: readonly Header[] = [
      header,
      { ...header, kid: 'mine' },
      { ...header, jwk: ownJwk },
      { alg: 'ES256', typ: 'at+jwt', jwk: ownJwk },
      { ...header, kid: 'mine', jku: 'https://evil.example/jwks.json' },
      { ...header, x5u: 'https://evil.example/cert.pem' },
      { ...header, x5c: [own.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] },
    ];
    for (const kid of [
      '../../../../etc/passwd',
      "' or 1=1--",
      '__proto__',
      'constructor',
      '',
      '\u0000',
      'x'.repeat(5_000),
      ['a'],
      7,
      null,
      {},
      undefined,
    ]) {
      tokens[`kid ${JSON.stringify(kid)}`.slice(0, 60)] = es256({ ...header, kid }, claims, own.privateKey);
    }
    for (const [index, one] of injected.entries())
      tokens[`a key of one’s own, ${index}`] = es256(one, claims, own.privateKey);
    const twice = `{"alg":"none","alg":"ES256","typ":"at+jwt","kid":${JSON.stringify(header['kid'])}}`;
    tokens['a header that says two things'] = es256(twice, claims, own.privateKey);
    tokens['claims that say two things'] =
      `${json(header)}.${encoded(`{"sub":"${stranger.user}",${JSON.stringify(claims).slice(1)}`)}.${real.accessToken.split('.')[2] ?? ''}`;
    await expectRefused(tokens);
  });

  it('VC-14: tokens that the right key signed for another use, place, time or person are refused', async () => {
    const ring = annal.container.get(SigningKeyRing);
    const key = await ring.current(tenant, 'ES256');
    const good = (type: string, changed: Claims) => ring.sign(key, type, { ...claims, ...changed });
    const typed = ['JWT', 'jwt', 'id_token', 'logout+jwt', 'dpop+jwt', 'secevent+jwt', 'at+jwt+x', ''].map(
      (type) => [type, good(type, {})] as const,
    );
    const { iss, exp } = claims as { iss: string; exp: number };
    const now = Math.floor(Date.now() / 1_000);
    const other = decoded(admin.accessToken.split('.')[1]);
    const changes: Readonly<Record<string, Claims>> = {
      'another audience': { aud: 'https://api.example' },
      'a list of audiences': { aud: [iss, 'https://api.example'] },
      'no audience': { aud: undefined },
      'another issuer': { iss: 'http://localhost:4000/t/system' },
      'an issuer with a slash': { iss: `${iss}/` },
      'no issuer': { iss: undefined },
      'an end in the past': { exp: now - 1 },
      'an end just now': { exp: now },
      'no end': { exp: undefined },
      'an end that is text': { exp: String(exp) },
      'an end that is a list': { exp: [exp] },
      'no beginning': { iat: undefined },
      'a time before which it is not good': { nbf: now + 3_600 },
      'another person': { sub: stranger.user },
      'another session': { sid: other['sid'] },
      'another grant': { gid: other['gid'] },
      'another person with their session': { sub: stranger.user, sid: other['sid'] },
      'another person with their grant': { sub: stranger.user, gid: other['gid'] },
      'another client': { client_id: resource.id },
      'a session that is not': { sid: '00000000-0000-7000-8000-000000000000' },
      'a person that is not': { sub: '00000000-0000-7000-8000-000000000000' },
      'a person that is an object': { sub: { id: stranger.user } },
    };
    const changed = Object.entries(changes).map(([name, change]) => [name, good('at+jwt', change)] as const);
    const signed = await Promise.all([...typed, ...changed].map(async ([name, token]) => [name, await token] as const));
    await expectRefused(Object.fromEntries(signed));
    expect(await accepts(await good('at+jwt', {}))).to.deep.equal(['me', 'introspection']);
  });

  it('VC-14: headers that ask for what is not understood are refused, though the right key signed them', async () => {
    const { state } = await annal.container.get(Transactor).load(signingKeys, tenant, tenant);
    const jwk = reveal(keyInRole(state, 'ES256', 'current')?.privateKey);
    const { createPrivateKey } = await import('node:crypto');
    const key = createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
    expect(await accepts(es256(header, claims, key))).to.deep.equal(['me', 'introspection']);
    await expectRefused({
      'an unknown extension': es256({ ...header, crit: ['x'], x: 1 }, claims, key),
      'an extension that is not there': es256({ ...header, crit: ['exp'] }, claims, key),
      'no extensions': es256({ ...header, crit: [] }, claims, key),
      'extensions that are no list': es256({ ...header, crit: 'x', x: 1 }, claims, key),
      'an unencoded payload': es256({ ...header, crit: ['b64'], b64: false }, claims, key),
      'no type': es256({ alg: 'ES256', kid: header['kid'] }, claims, key),
      'no key': es256({ alg: 'ES256', typ: 'at+jwt' }, claims, key),
      'claims that are a list': es256(header, `[${JSON.stringify(claims)}]`, key),
      'claims that are none': es256(header, 'null', key),
      'claims that are no JSON': es256(header, 'x', key),
      'a retired use of the key': es256({ ...header, kid: `${String(header['kid'])}x` }, claims, key),
    });
  });

  it('VC-14: a token is changed in a bit, cut, extended, or written in another way', async () => {
    const { accessToken } = real;
    const [first = '', second = '', third = ''] = accessToken.split('.');
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const place = last.indexOf(third.at(-1) ?? '');
    // The last character carries four bits that mean nothing: other texts for the same bytes.
    const synonyms = Array.from(
      { length: 15 },
      (_, bit) => `${first}.${second}.${third.slice(0, -1)}${last[(place & 0x30) | ((place + bit + 1) & 0x0f)] ?? ''}`,
    );
    const odd = [
      `${accessToken}.`,
      `${accessToken}.x`,
      `.${accessToken}`,
      `${first}..${third}`,
      `${first}.${second}`,
      `..`,
      '.',
      '',
      `${accessToken}=`,
      `${accessToken}==`,
      `${first}=.${second}.${third}`,
      accessToken.replaceAll('-', '+').replaceAll('_', '/'),
      `${first}.${second}.${third.slice(0, 20)}\n${third.slice(20)}`,
      `${first} .${second}.${third}`,
      encoded(accessToken),
      JSON.stringify({ protected: first, payload: second, signature: third }),
      `${accessToken},${accessToken}`,
      `${accessToken} ${accessToken}`,
      `${first}.${second}.${third}.${first}.${second}`,
    ];
    const changed = [
      ...new Set([
        ...(full ? flipped(accessToken, 'all') : flipped(accessToken, 'one')),
        ...truncated(accessToken).slice(full ? 0 : -60),
        ...synonyms,
        ...odd,
      ]),
    ].filter((token) => token !== accessToken && /^[\x20-\x7e]*$/.test(token));
    await expectRefused(Object.fromEntries(changed.map((token) => [token, token])));
  });

  it('VC-14: a token goes where no token belongs, or in a way that none is sent', async () => {
    const { accessToken } = real;
    const asked = await Promise.all([
      annal.call('GET', `${api}/me?access_token=${accessToken}`),
      annal.call('GET', `${api}/me`, { headers: { cookie: `access_token=${accessToken}` } }),
      annal.call('GET', `${api}/me`, { headers: { 'x-access-token': accessToken } }),
      ...['Token', 'JWT', 'Basic', 'DPoP', 'Bearer:', 'Bearer ,', ''].map((scheme) =>
        annal.call('GET', `${api}/me`, { headers: { authorization: `${scheme} ${accessToken}` } }),
      ),
      annal.call('GET', `${api}/me`, { headers: { authorization: `Bearer ${accessToken}, Bearer ${accessToken}` } }),
    ]);
    for (const { status } of asked) expect(status).to.be.within(400, 401);
    expect(
      (await annal.call('GET', `${api}/me`, { headers: { authorization: `bearer ${accessToken}` } })).status,
    ).to.equal(200);
  });

  it('VC-14: the token of another tenant, with its own key, is none here', async () => {
    await newTenant(annal, 'elsewhere');
    const foreigner = await newPerson(annal, 'foreigner@example.com', inTenant('elsewhere'));
    await expectRefused({ foreign: foreigner.accessToken });
    expect((await me(annal, real.accessToken, inTenant('elsewhere'))).status).to.equal(401);
    const there = await newClient(annal, true, 'elsewhere');
    expect(await isActive(annal, there, real.accessToken, 'elsewhere')).to.equal(false);
    expect(await isActive(annal, there, foreigner.accessToken, 'elsewhere')).to.equal(true);
  });

  it('VC-14: whoever cannot prove to be a confidential client of the tenant learns nothing of a token', async () => {
    await newTenant(annal, 'askers');
    const [open, foreign, disabled] = [
      await newClient(annal, false),
      await newClient(annal, true, 'askers'),
      await newClient(annal, true),
    ];
    await annal.call('POST', `/api/v1/tenants/default/clients/${disabled.id}/disable`, { token: await root(annal) });
    const { id, secret } = resource;
    const doubled = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const headers: readonly (Readonly<Record<string, string>> | undefined)[] = [
      undefined,
      ...[
        basic(id, ''),
        basic('', secret),
        basic(id, secret.slice(0, -1)),
        basic(id, `${secret}x`),
        basic(id, secret.toUpperCase()),
        basic(open.id, ''),
      ].map((authorization) => ({ authorization })),
      ...[
        foreign.basic,
        disabled.basic,
        `${doubled}=`,
        `${doubled}A`,
        doubled.replace('Basic ', 'Basic  '),
        `Bearer ${real.accessToken}`,
        'Basic !!!!',
        'Basic ',
      ].map((authorization) => ({ authorization })),
    ];
    for (const header of headers) {
      const answer = await annal.call('POST', '/t/default/oauth2/introspect', {
        form: { token: real.accessToken },
        ...(header && { headers: header }),
      });
      expect([answer.status, answer.body['active']], JSON.stringify(header)).to.deep.equal([401, undefined]);
    }
    const forms = [{ client_id: id }, { client_id: id, client_secret: 'x' }, { client_id: open.id, client_secret: '' }];
    for (const form of forms) {
      expect(
        (await annal.call('POST', '/t/default/oauth2/introspect', { form: { token: real.accessToken, ...form } }))
          .status,
      ).to.equal(401);
    }
    const both = await annal.call('POST', '/t/default/oauth2/introspect', {
      form: { token: real.accessToken, client_id: id, client_secret: secret },
      headers: { authorization: resource.basic },
    });
    expect(both.status).to.equal(401);
  });

  it('VC-14: a client revokes what was given to another; it stays', async () => {
    const [own, other] = [await newClient(annal, true), await newClient(annal, true)];
    const signedIn = await annal.call<SignInBody>('POST', `${api}/sign-in`, {
      body: { identifier: person.email, password },
      headers: { authorization: own.basic },
    });
    const { accessToken, refreshToken } = signedIn.body.tokens as Tokens;
    const revoke = (token: string, headers?: Readonly<Record<string, string>>) =>
      annal.call('POST', '/t/default/oauth2/revoke', { form: { token }, ...(headers && { headers }) });
    for (const token of [accessToken, refreshToken]) {
      expect((await revoke(token, { authorization: other.basic })).status).to.equal(200);
      expect((await revoke(token)).status).to.equal(200);
      expect((await revoke(token, { authorization: basic(own.id, 'wrong') })).status).to.equal(401);
    }
    expect(await isActive(annal, resource, accessToken)).to.equal(true);
    expect(await isActive(annal, resource, refreshToken)).to.equal(true);
    await revoke(accessToken, { authorization: own.basic });
    expect(await isActive(annal, resource, accessToken)).to.equal(false);
    expect(await isActive(annal, resource, refreshToken)).to.equal(true);
  });
});
