import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { ClientAssertions } from '../../src/application/client-assertions.js';
import { ClientKeys } from '../../src/application/client-keys.js';
import { ClientRegistration } from '../../src/application/client-registration.js';
import { Clients } from '../../src/application/clients.js';
import { InitialAccessTokens } from '../../src/application/initial-access-tokens.js';
import { Assertions } from '../../src/application/ports/assertions.js';
import { OutboundHttp } from '../../src/application/ports/outbound-http.js';
import { SecurityRows } from '../../src/application/ports/security-rows.js';
import { UsedIds } from '../../src/application/ports/used-ids.js';
import { Vault } from '../../src/application/ports/vault.js';
import { Tenants } from '../../src/application/tenants.js';
import { Transactor } from '../../src/application/transactor.js';
import { Annal, type Answer } from '../support/annal.js';
import { origin, overTls } from '../support/browser.js';
import { KnownDocuments } from '../support/known-documents.js';
import { root } from '../support/people.js';
import { Registering } from '../support/registering.js';
import { Saboteur } from '../support/saboteur.js';

const dependencies = {
  Assertions,
  ClientAssertions,
  ClientKeys,
  ClientRegistration,
  Clients,
  InitialAccessTokens,
  OutboundHttp,
  SecurityRows,
  Tenants,
  Transactor,
  UsedIds,
  Vault,
} as const;

type Ask = () => Promise<Answer<unknown>>;

/** Somebody proves an application, or registers one, while a part of the service is gone. */
describe('attacks on proofs of clients while a part of the service fails', () => {
  const documents = new KnownDocuments();
  let annal: Annal;
  let admin: string;
  let apps: Registering;
  let saboteur: Saboteur;
  let pair: CryptoKeyPair;
  let counter = 0;
  before(async () => {
    annal = await Annal.start({ roles: ['api'], foundation: { ...overTls, outbound: documents } });
    admin = await root(annal);
    pair = await generateKeyPair('ES256');
    apps = new Registering(annal, origin);
    await apps.allow({ mode: 'initial-access-token' });
    const objects = Object.entries(dependencies).map(([name, one]) => [name, annal.container.get<object>(one)]);
    saboteur = new Saboteur(Object.fromEntries(objects) as Record<string, object>, new Set(['forget']));
  });
  after(() => annal.stop());

  /** A client whose keys have to be fetched. */
  async function fetching(): Promise<string> {
    const jwksUri = `https://rp.example.com/keys/${(counter += 1)}`;
    documents.documents.set(jwksUri, { keys: [await exportJWK(pair.publicKey)] });
    const body = { name: 'API', kind: 'machine', authenticationMethod: 'private_key_jwt', jwksUri };
    const made = await annal.call<{ client: string }>('POST', '/api/v1/tenants/default/clients', {
      body,
      token: admin,
    });
    return made.body.client;
  }
  async function proof(id: string): Promise<Ask> {
    const now = Math.floor(Date.parse(annal.clock.now()) / 1000);
    const claims = { iss: id, sub: id, aud: `${origin}/t/default`, jti: `${(counter += 1)}`, exp: now + 60 };
    const assertion = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(pair.privateKey);
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const form = { token: 'x', client_assertion: assertion, client_assertion_type: type };
    return () => annal.call('POST', '/t/default/oauth2/introspect', { form });
  }
  async function initialAccess(): Promise<string> {
    const body = { uses: 1, expiresInSeconds: 600 };
    const path = '/api/v1/tenants/default/initial-access-tokens';
    return (await annal.call<{ token: string }>('POST', path, { body, token: admin })).body.token;
  }

  const isLetIn = ({ status }: Answer<unknown>): boolean => status < 300;

  /** Fails each thing that a request depends on, the first time it is asked. @returns those with which it was let in */
  async function letInWithout(prepare: () => Promise<Ask>): Promise<readonly string[]> {
    const calls = await saboteur.watch(await prepare());
    expect(calls.size).to.be.above(2);
    const found: string[] = [];
    for (const place of calls.keys()) {
      const ask = await prepare();
      const { failed, result } = await saboteur.fail(place, 1, ask);
      if (failed && isLetIn(result)) found.push(place);
    }
    return found;
  }

  it('VC-31: a right assertion; whatever it depends on denies by failing', async () => {
    const prepare = async () => proof(await fetching());
    expect(isLetIn(await (await prepare())())).to.equal(true);
    expect(await letInWithout(prepare)).to.deep.equal([]);
  });

  it('VC-31: an assertion that was shown before; no failure of anything lets it in', async () => {
    const id = await fetching();
    const prepare = async () => {
      const ask = await proof(id);
      expect(isLetIn(await ask())).to.equal(true);
      return ask;
    };
    expect(await letInWithout(prepare)).to.deep.equal([]);
  });

  it('VC-31: a registration with a right token; whatever it depends on denies by failing', async () => {
    const prepare = async () => {
      const access = await initialAccess();
      return () => apps.register({}, access);
    };
    expect(isLetIn(await (await prepare())())).to.equal(true);
    expect(await letInWithout(prepare)).to.deep.equal([]);
  });

  it('VC-31: a registration with a token that is used up; no failure of anything lets it in', async () => {
    const access = await initialAccess();
    expect(isLetIn(await apps.register({}, access))).to.equal(true);
    expect(await letInWithout(async () => () => apps.register({}, access))).to.deep.equal([]);
  });

  it('VC-31: a registration is read, changed or ended with a wrong token; no failure of anything lets it', async () => {
    const { body: made } = await apps.register({}, await initialAccess());
    const body = { client_id: made.client_id, redirect_uris: made['redirect_uris'] };
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const prepare = async () => () =>
        apps.manage(method, made, 'annal_rat_wrong', method === 'PUT' ? body : undefined);
      expect(await letInWithout(prepare), method).to.deep.equal([]);
    }
  });
});
