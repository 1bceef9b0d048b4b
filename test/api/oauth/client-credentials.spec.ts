import { expect } from 'chai';
import * as jose from 'jose';
import * as openid from 'openid-client';
import { Annal } from '../../support/annal.js';
import { basic, newClient, type TestClient, typesAfter } from '../../support/attacking.js';
import { Browser, fetchOf, origin, overTls } from '../../support/browser.js';
import { api, root } from '../../support/people.js';

type Tokens = Readonly<{ access_token: string; token_type: string; expires_in: number; scope: string; error?: string }>;

describe('client credentials', () => {
  let annal: Annal;
  let resource: TestClient;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    resource = await newClient(annal, true);
  });
  after(() => annal.stop());

  async function machine(more: object = {}): Promise<TestClient> {
    const { body, status, text } = await annal.call<{ client: string; secret: string }>(
      'POST',
      '/api/v1/tenants/default/clients',
      {
        body: { name: 'Orders', kind: 'machine', scopes: ['orders:read', 'orders:write'], ...more },
        token: await root(annal),
      },
    );
    if (status !== 201) throw new Error(text);
    return { id: body.client, secret: body.secret, basic: basic(body.client, body.secret) };
  }

  const ask = (client: TestClient, form: Readonly<Record<string, string>> = {}) =>
    annal.call<Tokens>('POST', '/t/default/oauth2/token', {
      form: { grant_type: 'client_credentials', ...form },
      headers: { authorization: client.basic },
    });
  const introspect = async (token: string, by = resource) =>
    (
      await annal.call<Readonly<Record<string, unknown>>>('POST', '/t/default/oauth2/introspect', {
        form: { token },
        headers: { authorization: by.basic },
      })
    ).body;
  const command = async (client: TestClient, path: string) =>
    annal.call('POST', `/api/v1/tenants/default/clients/${client.id}/${path}`, { token: await root(annal) });

  it('give a stock client a token (RFC 9068) that says who it is for and nothing of a person', async () => {
    const { id, secret } = await machine();
    const config = await openid.discovery(new URL(`${origin}/t/default`), id, secret, undefined, {
      [openid.customFetch]: fetchOf(annal) as openid.CustomFetch,
    });
    const { access_token: token, scope } = await openid.clientCredentialsGrant(config, { scope: 'orders:read' });
    expect(scope).to.equal('orders:read');
    const claims = jose.decodeJwt(token);
    expect(claims).to.include({ sub: id, client_id: id, scope: 'orders:read', iss: `${origin}/t/default` });
    expect(claims).to.not.have.any.keys('sid', 'gid');
    expect(jose.decodeProtectedHeader(token).typ).to.equal('at+jwt');
    const told = await openid.tokenIntrospection(config, token);
    expect(told).to.include({ active: true, sub: id, client_id: id, scope: 'orders:read' });
    expect(told).to.not.have.property('sid');
  });

  it('are a fact of its own for each token, and all that is registered where no scope is asked for', async () => {
    const client = await machine();
    const before = await annal.head();
    const answers = await Promise.all([1, 2, 3].map(() => ask(client)));
    expect(answers.map(({ body }) => body.scope)).to.deep.equal(Array(3).fill('orders:read orders:write'));
    expect(new Set(answers.map(({ body }) => jose.decodeJwt(body.access_token).jti)).size).to.equal(3);
    expect(await typesAfter(annal, before)).to.deep.equal(Array(3).fill('token.issued'));
    expect(answers[0]?.headers.get('cache-control')).to.equal('no-store');
  });

  it('give no more than was registered, and nothing that only a person can allow', async () => {
    const client = await machine({ scopes: ['orders:read', 'openid', 'account', 'administration', 'offline_access'] });
    expect((await ask(client)).body.scope).to.equal('orders:read');
    for (const scope of ['orders:write', 'openid', 'account', 'administration', 'orders:read offline_access', 'a"b']) {
      const { status, body } = await ask(client, { scope });
      expect([status, body.error], scope).to.deep.equal([400, 'invalid_scope']);
    }
  });

  it('are for confidential clients that registered for them, with the right secret', async () => {
    const other = await ask(resource);
    expect([other.status, other.body.error]).to.deep.equal([400, 'unauthorized_client']);
    const client = await machine();
    const wrong = await ask({ ...client, basic: basic(client.id, 'wrong') });
    expect([wrong.status, wrong.body.error]).to.deep.equal([401, 'invalid_client']);
    const open = await annal.call<{ code: string }>('POST', '/api/v1/tenants/default/clients', {
      body: { name: 'App', confidential: false, kind: 'machine' },
      token: await root(annal),
    });
    expect([open.status, open.body.code]).to.deep.equal([422, 'credentials-of-public-client']);
  });

  it('never pass where a person is needed', async () => {
    const client = await machine({ scopes: ['account', 'administration', 'openid', 'orders:read'] });
    const { access_token: token } = (await ask(client)).body;
    for (const path of [`${api}/me`, `${api}/users`, '/t/default/oauth2/userinfo', `${api}/me/sessions`]) {
      expect((await annal.call('GET', path, { token })).status, path).to.be.oneOf([401, 403]);
    }
    const browser = new Browser(annal);
    const page = await browser.open('/t/default/', { headers: { authorization: `Bearer ${token}` } });
    expect(page.html).to.not.include('Sign out');
  });

  it('end by themselves, or with their client, its secret, their tenant’s key or their own revocation, at once', async () => {
    const ends: Readonly<Record<string, (client: TestClient, token: string) => Promise<unknown>>> = {
      revoked: (client, token) =>
        annal.call('POST', '/t/default/oauth2/revoke', { form: { token }, headers: { authorization: client.basic } }),
      disabled: (client) => command(client, 'disable'),
      'disabled for a moment': async (client) => {
        await command(client, 'disable');
        await command(client, 'enable');
      },
      removed: (client) => command(client, 'remove'),
      'its secret rotated': (client) => command(client, 'secret'),
      'its key compromised': async (_, token) =>
        annal.call(
          'POST',
          `/api/v1/tenants/default/signing-keys/${jose.decodeProtectedHeader(token).kid ?? ''}/compromised`,
          { token: await root(annal) },
        ),
    };
    for (const [how, end] of Object.entries(ends)) {
      const client = await machine();
      const { access_token: token } = (await ask(client)).body;
      expect(await introspect(token), how).to.include({ active: true });
      await end(client, token);
      expect(await introspect(token), how).to.deep.equal({ active: false });
    }
    const client = await machine();
    const { access_token: token, expires_in: lifetime } = (await ask(client)).body;
    annal.clock.advance(lifetime);
    expect(await introspect(token)).to.deep.equal({ active: false });
  });

  it('are revoked by the client that has them, and by no other', async () => {
    const [client, other] = [await machine(), await machine()];
    const { access_token: token } = (await ask(client)).body;
    const { status } = await annal.call('POST', '/t/default/oauth2/revoke', {
      form: { token },
      headers: { authorization: other.basic },
    });
    expect(status).to.equal(200);
    expect(await introspect(token)).to.include({ active: true });
  });
});
