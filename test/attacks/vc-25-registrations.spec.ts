import { expect } from 'chai';
import { Annal } from '../support/annal.js';
import { basic } from '../support/attacking.js';
import { origin, overTls } from '../support/browser.js';
import { KnownDocuments } from '../support/known-documents.js';
import { newPerson, newTenant, root } from '../support/people.js';
import { type Registered, Registering, redirectUris } from '../support/registering.js';

const path = '/api/v1/tenants/default';

/** An application makes more of itself than it may be. */
describe('attacks by applications that register themselves', () => {
  const documents = new KnownDocuments();
  let annal: Annal;
  let admin: string;
  let apps: Registering;
  before(async () => {
    annal = await Annal.start({ foundation: { ...overTls, outbound: documents } });
    admin = await root(annal);
    apps = new Registering(annal, origin);
  });
  after(() => annal.stop());
  beforeEach(() => apps.allow({ mode: 'open' }));

  it('VC-25: nobody registers where nobody may, and discovery does not speak of it', async () => {
    const discovered = async () =>
      (await annal.call('GET', '/t/default/.well-known/openid-configuration')).body['registration_endpoint'];
    const made = await apps.made();
    expect(await discovered()).to.equal(`${origin}/t/default/oauth2/register`);
    await apps.allow({ mode: 'off' });
    const { status, body } = await apps.register({});
    expect({ status, error: body.error }).to.deep.equal({ status: 403, error: 'access_denied' });
    expect(await discovered()).to.equal(undefined);
    const token = made.registration_access_token;
    const changed = await apps.manage('PUT', made, token, { client_id: made.client_id, redirect_uris: redirectUris });
    expect(changed.status).to.equal(403);
  });

  it('VC-25: an initial access token is used by many at once; as many register as it is for', async () => {
    await apps.allow({ mode: 'initial-access-token' });
    const issue = async (uses: number) =>
      (
        await annal.call<{ id: string; token: string }>('POST', `${path}/initial-access-tokens`, {
          body: { uses, expiresInSeconds: 600 },
          token: admin,
        })
      ).body;
    const { token } = await issue(3);
    const answers = await Promise.all(Array.from({ length: 12 }, () => apps.register({}, token)));
    expect(answers.filter(({ status }) => status === 201)).to.have.lengthOf(3);
    for (const { status, body } of answers.filter((one) => one.status !== 201)) {
      expect({ status, error: body.error }).to.deep.equal({ status: 401, error: 'invalid_token' });
    }
    // What was refused for its own sake uses nothing up.
    const next = await issue(1);
    expect((await apps.register({ redirect_uris: ['http://evil.example/'] }, next.token)).status).to.equal(400);
    expect((await apps.register({}, `${next.token.slice(0, -1)}0`)).status).to.equal(401);
    expect((await apps.register({})).status).to.equal(401);
    expect((await apps.register({}, admin)).status).to.equal(401);
    expect((await apps.register({}, next.token)).status).to.equal(201);
    const ended = await issue(1);
    await annal.call('POST', `${path}/initial-access-tokens/${ended.id}/revoke`, { token: admin });
    expect((await apps.register({}, ended.token)).status).to.equal(401);
    const late = await issue(1);
    annal.clock.advance(600);
    expect((await apps.register({}, late.token)).status).to.equal(401);
    admin = await root(annal);
  });

  it('VC-25: a registration names what only the tenant decides; it is a stranger all the same', async () => {
    const privileged = {
      ...{ client_id: 'annal', client_secret: 'chosen', firstParty: true, first_party: true, status: 'enabled' },
      ...{ requirePkce: false, require_pkce: false, skip_consent: true, epoch: 7, tenant: 'system', roles: ['admin'] },
      ...{ registration_access_token: 'chosen', scope: 'openid administration account', managementDigest: 'x' },
    };
    const made = await apps.made(privileged);
    expect(made.client_id).not.to.equal('annal');
    expect(made.client_secret).not.to.equal('chosen');
    expect(made.registration_access_token).not.to.equal('chosen');
    expect(made['scope']).to.equal('openid');
    const seen = await annal.call<{ metadata: object }>('GET', `${path}/clients/${made.client_id}`, { token: admin });
    expect(seen.body.metadata)
      .to.include({ firstParty: false, requirePkce: true })
      .and.deep.include({ scopes: ['openid'] });
    const again = await apps.manage('PUT', made, made.registration_access_token, {
      ...privileged,
      client_id: made.client_id,
      redirect_uris: redirectUris,
    });
    expect(again.status, again.text).to.equal(200);
    const after = await annal.call<{ metadata: object }>('GET', `${path}/clients/${made.client_id}`, { token: admin });
    expect(after.body.metadata)
      .to.include({ firstParty: false, requirePkce: true })
      .and.deep.include({ scopes: ['openid'] });
  });

  it('VC-25: an application takes a grant type or a method that strangers may not have', async () => {
    await apps.allow({ mode: 'open', authenticationMethods: ['none'] });
    const byMachine = await apps.register({ token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] });
    expect(byMachine.body.error).to.equal('invalid_redirect_uri');
    const refused: readonly (readonly [object, string])[] = [
      [
        { grant_types: ['client_credentials'], redirect_uris: [], token_endpoint_auth_method: 'client_secret_basic' },
        'invalid_client_metadata',
      ],
      [{ token_endpoint_auth_method: 'client_secret_basic' }, 'invalid_client_metadata'],
      [{ grant_types: ['implicit'], token_endpoint_auth_method: 'none' }, 'invalid_client_metadata'],
      [{ grant_types: ['password'], token_endpoint_auth_method: 'none' }, 'invalid_client_metadata'],
    ];
    for (const [body, error] of refused) {
      const answer = await apps.register(body);
      expect({ status: answer.status, error: answer.body.error }, answer.text).to.deep.equal({ status: 400, error });
    }
  });

  const illegal: readonly (readonly [object, string])[] = [
    [{ redirect_uris: [] }, 'invalid_redirect_uri'],
    [{ redirect_uris: 'https://rp.example.com/' }, 'invalid_redirect_uri'],
    [{ redirect_uris: [7] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://rp.example.com/#fragment'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://*.example.com/'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['http://rp.example.com/'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://rp.example.com/?code=x'] }, 'invalid_redirect_uri'],
    [{ post_logout_redirect_uris: ['http://rp.example.com/'] }, 'invalid_client_metadata'],
    [{ response_types: ['token'] }, 'invalid_client_metadata'],
    [{ response_types: ['code id_token'] }, 'invalid_client_metadata'],
    [{ application_type: 'desktop' }, 'invalid_client_metadata'],
    [{ token_endpoint_auth_method: 'magic' }, 'invalid_client_metadata'],
    [{ token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata'],
    [{ token_endpoint_auth_signing_alg: 'none' }, 'invalid_client_metadata'],
    [{ id_token_signed_response_alg: 'none' }, 'invalid_client_metadata'],
    [{ id_token_signed_response_alg: 'HS256' }, 'invalid_client_metadata'],
    [{ subject_type: 'pairwise' }, 'invalid_client_metadata'],
    [{ jwks: { keys: [{ kty: 'oct', k: 'x' }] } }, 'invalid_client_metadata'],
    [{ jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' }] } }, 'invalid_client_metadata'],
    [{ jwks: { keys: [] }, jwks_uri: 'https://rp.example.com/keys' }, 'invalid_client_metadata'],
    [{ jwks_uri: 'http://169.254.169.254/' }, 'invalid_client_metadata'],
    [{ logo_uri: 'data:image/svg+xml,x' }, 'invalid_client_metadata'],
    [{ client_uri: 'javascript:alert(1)' }, 'invalid_client_metadata'],
    [{ tos_uri: 'file:///etc/passwd' }, 'invalid_client_metadata'],
    [{ policy_uri: '/relative' }, 'invalid_client_metadata'],
    [{ initiate_login_uri: 'http://rp.example.com/' }, 'invalid_client_metadata'],
    [{ backchannel_logout_uri: 'http://10.0.0.1/' }, 'invalid_client_metadata'],
    [{ sector_identifier_uri: 'http://rp.example.com/' }, 'invalid_client_metadata'],
    [{ default_max_age: -1 }, 'invalid_client_metadata'],
    [{ require_auth_time: 'yes' }, 'invalid_client_metadata'],
    [{ client_name: 'two\nlines' }, 'invalid_client_metadata'],
    [{ client_name: '' }, 'invalid_client_metadata'],
    [{ scope: '"' }, 'invalid_client_metadata'],
    [{ grant_types: ['refresh_token'], redirect_uris: undefined }, 'invalid_client_metadata'],
  ];
  for (const [body, error] of illegal) {
    it(`VC-25: ${JSON.stringify(body)} is ${error}`, async () => {
      const answer = await apps.register(body);
      expect({ status: answer.status, error: answer.body.error }, answer.text).to.deep.equal({ status: 400, error });
      expect(answer.headers.get('cache-control')).to.equal('no-store');
    });
  }

  it('VC-25: a registration is read, changed and ended with its own token alone, and by nobody else’s', async () => {
    const [mine, other] = [await apps.made(), await apps.made()];
    const person = await newPerson(annal);
    for (const token of [
      undefined,
      'x',
      other.registration_access_token,
      mine.client_secret,
      admin,
      person.accessToken,
    ]) {
      for (const method of ['GET', 'PUT', 'DELETE'] as const) {
        const body = method === 'PUT' ? { client_id: mine.client_id, redirect_uris: redirectUris } : undefined;
        const answer = await apps.manage(method, mine, token, body);
        expect({ status: answer.status, error: answer.body.error }, method).to.deep.equal({
          status: 401,
          error: 'invalid_token',
        });
      }
    }
    const unknown = {
      registration_client_uri: `${origin}/t/default/oauth2/register/0199b000-0000-5000-8000-00000000000c`,
    };
    expect((await apps.manage('GET', unknown, mine.registration_access_token)).status).to.equal(401);
    // Clients of administrators have no such token, and none will do.
    const made = await annal.call<{ client: string }>('POST', `${path}/clients`, {
      body: { name: 'API' },
      token: admin,
    });
    const ours = { registration_client_uri: `${origin}/t/default/oauth2/register/${made.body.client}` };
    expect((await apps.manage('DELETE', ours, mine.registration_access_token)).status).to.equal(401);
    expect((await apps.manage('GET', ours, undefined)).status).to.equal(401);
  });

  it('VC-25: the token is another one after a change, and of many changes at once one is made', async () => {
    const made = await apps.made({ client_name: 'First' });
    const body = { client_id: made.client_id, redirect_uris: ['https://rp.example.com/other'] };
    const all = await Promise.all(
      ['A', 'B', 'C', 'D'].map((client_name) =>
        apps.manage('PUT', made, made.registration_access_token, { ...body, client_name }),
      ),
    );
    expect(all.map(({ status }) => status).sort()).to.deep.equal([200, 401, 401, 401]);
    const [won] = all.filter(({ status }) => status === 200);
    expect((await apps.manage('GET', made, made.registration_access_token)).status).to.equal(401);
    const read = await apps.manage('GET', made, won?.body.registration_access_token);
    expect(read.body).to.include({ client_name: won?.body['client_name'] }).and.not.have.property('client_secret');
    expect(read.body['redirect_uris']).to.deep.equal(body.redirect_uris);
    const named = await apps.manage('PUT', made, won?.body.registration_access_token, { ...body, client_id: 'other' });
    expect(named.body.error).to.equal('invalid_client_metadata');
  });

  it('VC-12: a client that an administrator disabled is not managed, read or enabled by its token', async () => {
    const made = await apps.made();
    await annal.call('POST', `${path}/clients/${made.client_id}/disable`, { token: admin });
    const body = { client_id: made.client_id, redirect_uris: redirectUris };
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const answer = await apps.manage(
        method,
        made,
        made.registration_access_token,
        method === 'PUT' ? body : undefined,
      );
      expect(answer.status, method).to.equal(401);
    }
    const seen = await annal.call<{ status: string }>('GET', `${path}/clients/${made.client_id}`, { token: admin });
    expect(seen.body.status).to.equal('disabled');
  });

  it('VC-12: what was ended by its token proves nothing any more', async () => {
    const made = await apps.made();
    const introspects = () =>
      annal.call('POST', '/t/default/oauth2/introspect', {
        form: { token: 'x' },
        headers: { authorization: basic(made.client_id, made.client_secret ?? '') },
      });
    expect((await introspects()).status).to.equal(200);
    expect((await apps.manage('DELETE', made, made.registration_access_token)).status).to.equal(204);
    expect((await introspects()).status).to.equal(401);
    expect((await apps.manage('GET', made, made.registration_access_token)).status).to.equal(401);
  });

  it('VC-25: no more register than the tenant takes', async () => {
    const { body } = await annal.call<{ items: readonly unknown[] }>('GET', `${path}/clients?limit=100`, {
      token: admin,
    });
    await apps.allow({ mode: 'open', maxClients: 0 });
    const answer = await apps.register({});
    expect({ status: answer.status, error: answer.body.error }).to.deep.equal({ status: 403, error: 'access_denied' });
    const after = await annal.call<{ items: readonly unknown[] }>('GET', `${path}/clients?limit=100`, { token: admin });
    expect(after.body.items).to.have.lengthOf(body.items.length);
  });

  it('VC-19: tokens of one tenant are nothing in another', async () => {
    const { slug } = await newTenant(annal, 'guests');
    const made = await apps.made();
    const there = { registration_client_uri: made.registration_client_uri.replace('/t/default/', `/t/${slug}/`) };
    await annal.call('PUT', `/api/v1/tenants/${slug}/settings`, {
      body: { overrides: { clientRegistration: { mode: 'open' } } },
      token: admin,
    });
    expect((await apps.manage('GET', there, made.registration_access_token)).status).to.equal(401);
  });

  it('VC-23: a sector that does not list the redirect URIs, or cannot be read, is none', async () => {
    const sector = 'https://rp.example.com/sector';
    const attempt = async (): Promise<Registered | undefined> =>
      (await apps.register({ sector_identifier_uri: sector })).body;
    expect((await attempt())?.error).to.equal('invalid_client_metadata');
    for (const document of [{}, [], ['https://rp.example.com/other'], 'https://rp.example.com/callback', null]) {
      documents.documents.set(sector, document);
      expect((await attempt())?.error, JSON.stringify(document)).to.equal('invalid_client_metadata');
    }
    documents.documents.set(sector, [...redirectUris, 'https://rp.example.com/other']);
    expect((await attempt())?.['sector_identifier_uri']).to.equal(sector);
  });
});
