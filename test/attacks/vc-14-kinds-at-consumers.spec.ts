import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import * as jose from 'jose';
import { ApiKeys } from '../../src/application/api-keys.js';
import { AuthorizationCodes } from '../../src/application/authorization-codes.js';
import { BrowserSessions } from '../../src/application/browser-sessions.js';
import { IdTokenHints } from '../../src/application/id-token-hints.js';
import { IdTokens } from '../../src/application/id-tokens.js';
import type { CommandContext } from '../../src/application/ports/event-log.js';
import { Tenants } from '../../src/application/tenants.js';
import type { Authorized } from '../../src/domain/authorization/authorized.js';
import type { ClientId, GrantId, SessionId, TenantId, UserId } from '../../src/domain/values.js';
import { Annal } from '../support/annal.js';
import { basic, isActive, me, newClient, refresh, type TestClient } from '../support/attacking.js';
import { admitted, api, root, signedIn } from '../support/people.js';

type Registered = Readonly<{ client: string; secret: string }>;
type Validated = Readonly<{ valid: boolean; kind: string }>;

const callback = 'https://shop.example.com/callback';

/** Every kind of token, at every place that takes one. */
const accepted = {
  'an access token': ['account', 'userinfo', 'introspection'],
  'an opaque access token': ['account', 'userinfo', 'introspection'],
  'a machine’s token': ['introspection'],
  'an opaque token of a machine': ['introspection'],
  'an ID token': ['hint'],
  'an API key': ['account', 'API key'],
  'a session cookie': ['browser session'],
  'a client assertion': ['client assertion'],
  'an introspection answer': [],
  'a token from elsewhere': [],
  'a refresh token': ['introspection', 'refresh'],
  'a code': ['code'],
} as const;
type Kind = keyof typeof accepted;

/** What the validate endpoint calls each. */
const called: Readonly<Record<Kind, string>> = {
  'an access token': 'access',
  'an opaque access token': 'access',
  'a machine’s token': 'access',
  'an opaque token of a machine': 'access',
  'an ID token': 'id',
  'an API key': 'api-key',
  'a session cookie': 'unknown',
  'a client assertion': 'unknown',
  'an introspection answer': 'unknown',
  'a token from elsewhere': 'unknown',
  'a refresh token': 'refresh',
  'a code': 'unknown',
};

describe('tokens where other tokens belong', () => {
  let annal: Annal;
  let resource: TestClient;
  let tenant: TenantId;
  let admin: string;
  let shop: Registered;
  let signer: Registered;
  let tokens: Readonly<Record<Kind, string>>;

  before(async () => {
    annal = await Annal.start();
    admin = await root(annal);
    resource = await newClient(annal, true);
    tenant = (await annal.call<{ id: TenantId }>('GET', '/api/v1/tenants/default', { token: admin })).body.id;
    shop = await registered({ redirectUris: [callback], requirePkce: false });
    tokens = await make();
  });
  after(() => annal.stop());

  async function registered(body: object): Promise<Registered> {
    const made = await annal.call<Registered>('POST', '/api/v1/tenants/default/clients', {
      body: { name: 'Client', ...body },
      token: admin,
    });
    if (made.status !== 201) throw new Error(made.text);
    return made.body;
  }
  const machineToken = async (): Promise<string> => {
    const { client, secret } = await registered({ kind: 'machine', scopes: ['orders:read'] });
    return (
      await annal.call<{ access_token: string }>('POST', '/t/default/oauth2/token', {
        form: { grant_type: 'client_credentials' },
        headers: { authorization: basic(client, secret) },
      })
    ).body.access_token;
  };
  const assertion = (key: jose.CryptoKey): Promise<string> =>
    new jose.SignJWT({
      iss: signer.client,
      sub: signer.client,
      aud: 'http://localhost:4000/t/default',
      jti: randomUUID(),
    })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuedAt(Math.floor(Date.parse(annal.clock.now()) / 1_000))
      .setExpirationTime(Math.floor(Date.parse(annal.clock.now()) / 1_000) + 60)
      .sign(key);

  async function make(): Promise<Readonly<Record<Kind, string>>> {
    const { email } = await admitted(annal, admin);
    const person = await signedIn(annal, email);
    const claims = jose.decodeJwt(person.accessToken);
    const context: CommandContext = {
      tenant,
      actor: { kind: 'anonymous' },
      commandId: randomUUID(),
      correlationId: randomUUID(),
      at: annal.clock.now(),
    };
    const authorized: Authorized = {
      client: shop.client as ClientId,
      user: person.user as UserId,
      session: person.session as SessionId,
      browser: claims['gid'] as GrantId,
      redirectUri: callback,
      scope: ['openid'],
      authenticatedAt: annal.clock.now(),
      factors: ['pwd'],
    };
    const policy = await annal.container.get(Tenants).activePolicy(tenant);
    const pair = await jose.generateKeyPair('ES256', { extractable: true });
    signer = await registered({
      kind: 'machine',
      authenticationMethod: 'private_key_jwt',
      jwks: { keys: [await jose.exportJWK(pair.publicKey)] },
    });
    const answered = await annal.call('POST', '/t/default/oauth2/introspect', {
      form: { token: person.accessToken },
      headers: { authorization: resource.basic, accept: 'application/token-introspection+jwt' },
    });
    const made = {
      'an access token': person.accessToken,
      'a machine’s token': await machineToken(),
      'an ID token': await annal.container
        .get(IdTokens)
        .issue(context, policy, 'ES256', authorized, person.accessToken, {}),
      'an API key': (
        await annal.call<{ key: string }>('POST', `${api}/me/api-keys`, {
          body: { name: 'key', scopes: ['account'] },
          token: person.accessToken,
        })
      ).body.key,
      'a session cookie': await annal.container.get(BrowserSessions).cookie(tenant, claims['gid'] as GrantId),
      'a client assertion': await assertion(pair.privateKey),
      'an introspection answer': answered.text,
      'a token from elsewhere': admin,
      'a refresh token': person.refreshToken,
      'a code': await annal.container.get(AuthorizationCodes).issue(context, authorized),
    };
    const { body } = await annal.call<{ policy: string }>('POST', '/api/v1/tenants/default/token-policies', {
      body: { name: 'Opaque', structure: { format: 'opaque' } },
      token: admin,
    });
    const assign = (policyId: object) =>
      annal.call('PUT', '/api/v1/tenants/default/token-policy-assignments', { body: policyId, token: admin });
    await assign({ policy: body.policy });
    const opaque = {
      'an opaque access token': (await signedIn(annal, email)).accessToken,
      'an opaque token of a machine': await machineToken(),
    };
    await assign({});
    return { ...made, ...opaque };
  }

  const isGood = async (answer: Promise<Readonly<{ status: number }>>): Promise<boolean> =>
    (await answer).status === 200;
  const form = (body: Readonly<Record<string, string>>, by?: Registered) =>
    annal.call('POST', '/t/default/oauth2/token', {
      form: body,
      ...(by && { headers: { authorization: basic(by.client, by.secret) } }),
    });

  /** Those that spend what they are given come last. */
  const consumers: Readonly<Record<string, (token: string) => Promise<boolean>>> = {
    account: (token) => isGood(me(annal, token)),
    userinfo: (token) => isGood(annal.call('GET', '/t/default/oauth2/userinfo', { token })),
    introspection: (token) => isActive(annal, resource, token),
    hint: async (token) =>
      (await annal.container.get(IdTokenHints).read({ id: tenant, slug: 'default' }, token)) !== undefined,
    'API key': async (token) =>
      (await annal.container.get(ApiKeys).check(tenant, token, annal.clock.now())) !== undefined,
    'browser session': async (token) =>
      (await annal.container.get(BrowserSessions).read(tenant, token, annal.clock.now())) !== undefined,
    'client assertion': (token) =>
      isGood(
        form({
          grant_type: 'client_credentials',
          client_assertion: token,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        }),
      ),
    refresh: (token) => isGood(refresh(annal, token)),
    code: (token) => isGood(form({ grant_type: 'authorization_code', code: token, redirect_uri: callback }, shop)),
  };

  for (const [kind, places] of Object.entries(accepted) as [Kind, readonly string[]][]) {
    it(`VC-14: ${kind} is taken ${places.length === 0 ? 'nowhere' : `for ${places.join(', ')}`}, and at none of the other places`, async () => {
      const { body } = await annal.call<Validated>('POST', '/api/v1/tenants/default/tokens/validate', {
        body: { token: tokens[kind] },
        token: admin,
      });
      expect([body.kind, body.valid]).to.deep.equal([called[kind], called[kind] !== 'unknown']);
      const taken: string[] = [];
      for (const [place, takes] of Object.entries(consumers)) if (await takes(tokens[kind])) taken.push(place);
      expect(taken).to.deep.equal(places);
    });
  }
});
