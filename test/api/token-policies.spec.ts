import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import * as jose from 'jose';
import { Annal } from '../support/annal.js';
import { basic, isActive, newClient, refresh, type TestClient } from '../support/attacking.js';
import { admitted, api, root, signedIn } from '../support/people.js';

const policies = '/api/v1/tenants/default/token-policies';
const assignments = '/api/v1/tenants/default/token-policy-assignments';

type Answered = Readonly<{ policy: string; version: number; code: string; fields: readonly { pointer: string }[] }>;
type Claim = Readonly<{ name: string; value: unknown; why: string }>;

describe('token policies', () => {
  let annal: Annal;
  let resource: TestClient;
  let machine: TestClient;
  before(async () => {
    annal = await Annal.start();
    resource = await newClient(annal, true);
    const { body } = await annal.call<{ client: string; secret: string }>('POST', '/api/v1/tenants/default/clients', {
      body: { name: 'Orders', kind: 'machine', scopes: ['orders:read'] },
      token: await root(annal),
    });
    machine = { id: body.client, secret: body.secret, basic: basic(body.client, body.secret) };
  });
  after(() => annal.stop());
  afterEach(async () => {
    for (const target of [{}, { client: machine.id }, { client: 'annal' }]) await assign(target);
  });

  const define = async (structure: object, more: object = {}, policy?: string) =>
    annal.call<Answered>(
      policy === undefined ? 'POST' : 'PUT',
      policy === undefined ? policies : `${policies}/${policy}`,
      {
        body: { name: 'Policy', structure, ...more },
        token: await root(annal),
      },
    );
  const assign = async (target: object, policy?: string) =>
    annal.call<Answered>('PUT', assignments, {
      body: { ...target, ...(policy && { policy }) },
      token: await root(annal),
    });
  const made = async (structure: object, target: object = {}): Promise<string> => {
    const { body, status, text } = await define(structure);
    if (status !== 201) throw new Error(text);
    expect((await assign(target, body.policy)).status).to.equal(204);
    return body.policy;
  };
  const machineToken = async () => {
    const { body, text } = await annal.call<{ access_token: string; expires_in: number }>(
      'POST',
      '/t/default/oauth2/token',
      { form: { grant_type: 'client_credentials' }, headers: { authorization: machine.basic } },
    );
    if (body.access_token === undefined) throw new Error(text);
    return body;
  };
  const introspect = async (token: string) =>
    (
      await annal.call<Readonly<Record<string, unknown>>>('POST', '/t/default/oauth2/introspect', {
        form: { token },
        headers: { authorization: resource.basic },
      })
    ).body;
  const person = async () => signedIn(annal, (await admitted(annal, await root(annal))).email);

  it('say algorithm, lifetime, audience and further claims; the token names the version', async () => {
    const policy = await made(
      {
        algorithm: 'EdDSA',
        lifetimeSeconds: 60,
        audience: ['https://orders.example.com'],
        claims: { who: 'client.id' },
      },
      { client: machine.id },
    );
    const { access_token: token, expires_in: lifetime } = await machineToken();
    expect(lifetime).to.equal(60);
    expect(jose.decodeProtectedHeader(token).alg).to.equal('EdDSA');
    const claims = jose.decodeJwt(token);
    expect(claims).to.include({ aud: 'https://orders.example.com', who: machine.id, pol: `${policy}.1` });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).to.equal(60);
    expect(await introspect(token)).to.include({ active: true, aud: 'https://orders.example.com' });
    // Nobody else's tokens are made by it.
    expect(jose.decodeJwt((await person()).accessToken)).to.not.have.property('pol');
  });

  it('make tokens opaque, of machines and of people, which work and end like any other', async () => {
    await made({ format: 'opaque', prefix: 'acme_at' });
    const { access_token: token } = await machineToken();
    expect(token).to.match(/^acme_at_[0-9a-f]{32}\.[\w-]{43}$/);
    expect(await introspect(token)).to.include({ active: true, sub: machine.id, scope: 'orders:read' });
    const changed = `${token.slice(0, -1)}${token.endsWith('A') ? 'E' : 'A'}`;
    for (const other of [changed, token.replace('acme_at', 'annal_at'), token.slice(0, -1)]) {
      expect(await introspect(other)).to.deep.equal({ active: false });
    }

    const { accessToken, refreshToken, user } = await person();
    expect(accessToken).to.match(/^acme_at_/);
    expect((await annal.call('GET', `${api}/me`, { token: accessToken })).status).to.equal(200);
    expect(await introspect(accessToken)).to.include({ active: true, sub: user });
    const { accessToken: next } = (await refresh(annal, refreshToken)).body;
    expect(next).to.match(/^acme_at_/);
    expect(next).to.not.equal(accessToken);
    await annal.call('POST', `${api}/sign-out`, { token: next });
    for (const one of [accessToken, next]) {
      expect(await introspect(one)).to.deep.equal({ active: false });
      expect((await annal.call('GET', `${api}/me`, { token: one })).status).to.equal(401);
    }

    const revoke = { form: { token }, headers: { authorization: machine.basic } };
    expect((await annal.call('POST', '/t/default/oauth2/revoke', revoke)).status).to.equal(200);
    expect(await introspect(token)).to.deep.equal({ active: false });
  });

  it('for another audience make tokens that the service itself does not take', async () => {
    await made({ audience: ['https://orders.example.com'] });
    const { accessToken } = await person();
    expect((await annal.call('GET', `${api}/me`, { token: accessToken })).status).to.equal(401);
    expect(await isActive(annal, resource, accessToken)).to.equal(true);
  });

  it('apply to the client before they apply to the tenant', async () => {
    await made({ lifetimeSeconds: 100 });
    expect((await machineToken()).expires_in).to.equal(100);
    await made({ lifetimeSeconds: 50 }, { client: machine.id });
    expect((await machineToken()).expires_in).to.equal(50);
    await assign({ client: machine.id });
    expect((await machineToken()).expires_in).to.equal(100);
  });

  it('leave older tokens good until they expire, or until the time that a new version says', async () => {
    const policy = await made({ lifetimeSeconds: 3_600 }, { client: machine.id });
    const { access_token: first } = await machineToken();
    expect((await define({ lifetimeSeconds: 3_600, algorithm: 'EdDSA' }, {}, policy)).body.version).to.equal(2);
    const { access_token: second } = await machineToken();
    expect(jose.decodeJwt(second)['pol']).to.equal(`${policy}.2`);
    expect(await introspect(first)).to.include({ active: true });

    const olderUntil = new Date(Date.parse(annal.clock.now()) + 60_000).toISOString();
    expect((await define({ lifetimeSeconds: 3_600 }, { olderUntil }, policy)).status).to.equal(200);
    const { access_token: third } = await machineToken();
    for (const token of [first, second, third]) expect(await introspect(token)).to.include({ active: true });
    annal.clock.advance(60);
    for (const token of [first, second]) expect(await introspect(token)).to.deep.equal({ active: false });
    expect(await introspect(third)).to.include({ active: true });

    const { body } = await annal.call<{ versions: { version: number; endsAt?: string }[] }>(
      'GET',
      `${policies}/${policy}`,
      {
        token: await root(annal),
      },
    );
    expect(body.versions.map(({ version, endsAt }) => [version, endsAt])).to.deep.equal([
      [1, olderUntil],
      [2, olderUntil],
      [3, undefined],
    ]);
  });

  it('encrypt tokens so that only the resource server can read them', async () => {
    for (const [algorithm, curve] of [
      ['RSA-OAEP-256', undefined],
      ['ECDH-ES+A256KW', 'P-256'],
    ] as const) {
      const pair = await jose.generateKeyPair(algorithm, { ...(curve && { crv: curve }), extractable: true });
      await made({ encryption: { algorithm, key: await jose.exportJWK(pair.publicKey) } }, { client: machine.id });
      const { access_token: token } = await machineToken();
      expect(jose.decodeProtectedHeader(token)).to.include({ alg: algorithm, enc: 'A256GCM', cty: 'JWT' });
      const { plaintext } = await jose.compactDecrypt(token, pair.privateKey);
      const inner = Buffer.from(plaintext).toString();
      expect(jose.decodeJwt(inner).sub).to.equal(machine.id);
      expect(await introspect(inner)).to.include({ active: true });
      expect(await introspect(token)).to.deep.equal({ active: false });
    }
  });

  it('show beforehand what a token would say, and why', async () => {
    const { body } = await define({ claims: { mail: 'user.email', missing: 'user.phone_number' } });
    const { user, email } = await admitted(annal, await root(annal));
    const dryRun = async (more: object) =>
      annal.call<{ claims: Claim[] }>('POST', `${policies}/${body.policy}/dry-run`, {
        body: { client: machine.id, ...more },
        token: await root(annal),
      });
    const { claims } = (await dryRun({ scope: 'openid email', user })).body;
    const named = Object.fromEntries(claims.map(({ name, value }) => [name, value]));
    expect(named).to.include({ sub: user, mail: email, scope: 'openid email', pol: `${body.policy}.1` });
    expect(named).to.not.have.property('missing');
    expect(claims.find(({ name }) => name === 'mail')?.why).to.equal('user.email');
    // The mapping sees no more of a person than the scope allows.
    const narrow = (await dryRun({ scope: 'openid', user })).body.claims;
    expect(narrow.map(({ name }) => name)).to.not.include('mail');
    expect((await dryRun({ scope: '', client: randomUUID() })).status).to.equal(400);
  });

  it('never fill a claim that the service vouches for, and are refused where they mean nothing', async () => {
    const names =
      'iss sub aud exp nbf iat jti client_id sid gid pol scope auth_time acr amr azp nonce cnf act may_act'.split(' ');
    for (const name of names) {
      const { status, body } = await define({ claims: { [name]: '"x"' } });
      expect([status, body.code], name).to.deep.equal([422, 'reserved-claim']);
    }
    const refusals: readonly (readonly [structure: object, code: string, more?: object])[] = [
      [{ format: 'opaque', claims: { a: '1' } }, 'opaque-token-says-nothing'],
      [{ lifetimeSeconds: 86_401 }, 'token-lives-too-long'],
      [{ format: 'opaque', prefix: 'annal_rt' }, 'prefix-taken'],
      [{ claims: { a: 'user.email.matches("(a+)+$")' } }, 'invalid-fields'],
      [{ claims: { a: 7 } }, 'invalid-fields'],
      [{ claims: { 'a b': '1' } }, 'invalid-fields'],
      [{ encryption: { algorithm: 'RSA-OAEP-256', key: { kty: 'EC' } } }, 'invalid-fields'],
      [
        { encryption: { algorithm: 'ECDH-ES+A256KW', key: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } } },
        'invalid-fields',
      ],
      [{ encryption: { algorithm: 'RSA-OAEP-256', key: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } } }, 'invalid-fields'],
      [{}, 'invalid-fields', { validation: ['format', 'issuer', 'type'] }],
    ];
    for (const [structure, code, more] of refusals) {
      const { status, body } = await define(structure, more);
      expect([status, body.code], JSON.stringify(structure)).to.deep.equal([422, code]);
    }
    expect((await define({}, {}, randomUUID())).body.code).to.equal('no-such-token-policy');
    expect((await assign({}, randomUUID())).body.code).to.equal('no-such-token-policy');
    expect((await assign({ client: 'a', resource: 'b' })).body.code).to.equal('invalid-fields');
  });
});
