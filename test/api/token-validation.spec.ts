import { expect } from 'chai';
import * as jose from 'jose';
import { Annal } from '../support/annal.js';
import { basic, newClient, refresh, type TestClient } from '../support/attacking.js';
import { admitted, api, root, signedIn, type Tokens } from '../support/people.js';

type Verdict = Readonly<{ check: string; outcome: string; why: string }>;
type Validated = Readonly<{ valid: boolean; kind: string; client?: string; user?: string; checks: readonly Verdict[] }>;

const issuer = 'http://localhost:4000/t/default';

describe('what a token is worth', () => {
  let annal: Annal;
  let own: TestClient;
  let stranger: TestClient;
  before(async () => {
    annal = await Annal.start();
    own = await newClient(annal, true);
    const { body } = await annal.call<{ client: string; secret: string }>('POST', '/api/v1/tenants/default/clients', {
      body: { name: 'Stranger', kind: 'machine', firstParty: false, scopes: ['orders:read'] },
      token: await root(annal),
    });
    stranger = { id: body.client, secret: body.secret, basic: basic(body.client, body.secret) };
  });
  after(() => annal.stop());

  const person = async (): Promise<Tokens> => signedIn(annal, (await admitted(annal, await root(annal))).email);
  const validate = async (token: string, more: object = {}) =>
    (
      await annal.call<Validated>('POST', '/api/v1/tenants/default/tokens/validate', {
        body: { token, ...more },
        token: await root(annal),
      })
    ).body;
  const asClient = (client: TestClient, token: string) =>
    annal.call<Validated>('POST', '/t/default/oauth2/validate', {
      form: { token },
      headers: { authorization: client.basic },
    });
  const introspect = async (client: TestClient, token: string, accept?: string) =>
    annal.call<Readonly<Record<string, unknown>>>('POST', '/t/default/oauth2/introspect', {
      form: { token },
      headers: { authorization: client.basic, ...(accept && { accept }) },
    });
  const failedOf = ({ checks }: Validated): Readonly<Record<string, string>> =>
    Object.fromEntries(checks.filter(({ outcome }) => outcome === 'failed').map(({ check, why }) => [check, why]));
  const machineToken = async (client: TestClient): Promise<string> =>
    (
      await annal.call<{ access_token: string }>('POST', '/t/default/oauth2/token', {
        form: { grant_type: 'client_credentials' },
        headers: { authorization: client.basic },
      })
    ).body.access_token;

  it('is told check by check, in the order of the policy', async () => {
    const { accessToken, user } = await person();
    const told = await validate(accessToken, { audience: issuer, scope: 'account' });
    expect(told).to.include({ valid: true, kind: 'access', user });
    expect(told.checks.map(({ check, outcome }) => `${check} ${outcome}`)).to.deep.equal([
      'format passed',
      'signature passed',
      'issuer passed',
      'type passed',
      'audience passed',
      'time passed',
      'binding skipped',
      'revocation passed',
      'session passed',
      'subject passed',
      'scope passed',
    ]);
    expect(
      failedOf(await validate(accessToken, { audience: 'https://orders.example.com', scope: 'orders' })),
    ).to.deep.equal({
      audience: `it is for ${issuer}`,
      scope: 'it lacks orders',
    });
  });

  it('names everything that there is to say against it', async () => {
    const first = await person();
    await annal.call('POST', '/t/default/oauth2/revoke', { form: { token: first.accessToken } });
    await annal.call('POST', `${api}/sign-out`, { token: (await refresh(annal, first.refreshToken)).body.accessToken });
    expect(failedOf(await validate(first.accessToken))).to.deep.equal({
      revocation: 'token-revoked',
      session: 'session-ended, grant-revoked',
    });

    const second = await person();
    await annal.call('POST', `/api/v1/tenants/default/users/${second.user}/suspend`, {
      body: { reason: 'test' },
      token: await root(annal),
    });
    annal.clock.advance(300);
    expect(failedOf(await validate(second.accessToken))).to.have.all.keys('subject', 'time');
    const third = await person();
    const { refreshToken: old } = third;
    await refresh(annal, old);
    expect(failedOf(await validate(old))).to.deep.equal({ revocation: 'token-revoked' });
    expect(failedOf(await validate('nonsense'))).to.have.all.keys('format');
  });

  it('of a machine’s token says that no session is behind it; a policy may leave checks out and order them', async () => {
    const { body } = await annal.call<{ policy: string }>('POST', '/api/v1/tenants/default/token-policies', {
      body: { name: 'Short', structure: {}, validation: ['issuer', 'format', 'type', 'signature', 'session'] },
      token: await root(annal),
    });
    await annal.call('PUT', '/api/v1/tenants/default/token-policy-assignments', {
      body: { client: stranger.id, policy: body.policy },
      token: await root(annal),
    });
    const token = await machineToken(stranger);
    const revoke = { form: { token }, headers: { authorization: stranger.basic } };
    await annal.call('POST', '/t/default/oauth2/revoke', revoke);
    const told = await validate(token);
    expect(told.checks.slice(0, 5).map(({ check, outcome }) => `${check} ${outcome}`)).to.deep.equal([
      'issuer passed',
      'format passed',
      'type passed',
      'signature passed',
      'session skipped',
    ]);
    // The choice is for whoever asks here; what decides elsewhere leaves nothing out.
    expect(told.checks.find(({ check }) => check === 'revocation')).to.include({ outcome: 'skipped' });
    expect((await introspect(own, token)).body).to.deep.equal({ active: false });
    await annal.call('PUT', '/api/v1/tenants/default/token-policy-assignments', {
      body: { client: stranger.id },
      token: await root(annal),
    });
  });

  it('is told to those whom it concerns; anybody else hears what is heard of no token (CVE-2026-37979)', async () => {
    const { accessToken, refreshToken } = await person();
    const theirs = await machineToken(stranger);
    for (const [client, token, told] of [
      [own, accessToken, true],
      [own, refreshToken, true],
      [own, theirs, true],
      [stranger, theirs, true],
      [stranger, accessToken, false],
      [stranger, refreshToken, false],
    ] as const) {
      expect((await introspect(client, token)).body['active']).to.equal(told);
      expect((await asClient(client, token)).body.valid).to.equal(told);
    }
    const nothing = (await introspect(stranger, 'nonsense')).text;
    expect((await introspect(stranger, accessToken)).text).to.equal(nothing);
    expect((await asClient(stranger, accessToken)).text).to.equal((await asClient(stranger, 'nonsense')).text);
    expect((await asClient({ ...own, basic: basic(own.id, 'wrong') }, theirs)).status).to.equal(401);
  });

  it('is answered to introspection as a signed token where that is asked for (RFC 9701)', async () => {
    const { accessToken, user } = await person();
    const asked = 'application/token-introspection+jwt';
    const { text, headers, status } = await introspect(own, accessToken, asked);
    expect([status, headers.get('content-type')]).to.deep.equal([200, asked]);
    const keys = jose.createLocalJWKSet((await annal.call<jose.JSONWebKeySet>('GET', '/t/default/jwks.json')).body);
    const { payload } = await jose.jwtVerify(text, keys, { typ: 'token-introspection+jwt', audience: own.id, issuer });
    expect(payload).to.have.all.keys('iss', 'aud', 'iat', 'token_introspection');
    expect(payload['token_introspection']).to.include({ active: true, sub: user });
    const dead = await introspect(own, 'nonsense', asked);
    expect(jose.decodeJwt(dead.text)['token_introspection']).to.deep.equal({ active: false });
    expect((await introspect(own, accessToken, 'text/html')).status).to.equal(400);
  });
});
