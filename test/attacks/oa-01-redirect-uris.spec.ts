import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { Annal } from '../support/annal.js';
import { overTls } from '../support/browser.js';
import { callback, issuer } from '../support/conformance.js';
import { root } from '../support/people.js';
import { redirectCorpus } from '../support/redirect-corpus.js';

const path = '/t/default/oauth2/authorize';
const form = { 'content-type': 'application/x-www-form-urlencoded' };

/** Somebody asks for answers to be sent where the client never said. */
describe('attacks on redirect URIs', () => {
  let annal: Annal;
  let admin: string;
  let keys: CryptoKeyPair;
  const clients = new Map<string, string>();
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
    keys = await generateKeyPair('ES256', { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1' }] };
    for (const [name, { type, redirect_uris: redirectUris }] of Object.entries(redirectCorpus.clients)) {
      clients.set(name, await registered({ applicationType: type, redirectUris, jwks }));
    }
  });
  after(() => annal.stop());

  async function registered(metadata: object): Promise<string> {
    const body = { name: 'Corpus', confidential: false, ...metadata };
    const made = await annal.call<{ client: string }>('POST', '/api/v1/tenants/default/clients', {
      body,
      token: admin,
    });
    if (made.status !== 201) throw new Error(made.text);
    return made.body.client;
  }

  const parametersOf = (client: string, uri: string) => ({
    client_id: clients.get(client) ?? '',
    redirect_uri: uri,
    response_type: 'code',
    scope: 'openid',
    state: 'x',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    // Whoever is let through is answered at once.
    prompt: 'none',
  });
  const ask = (method: string, query: string) =>
    fetch(annal.url + path + (method === 'GET' ? `?${query}` : ''), {
      method,
      redirect: 'manual',
      ...(method === 'POST' && { body: query, headers: form }),
    });

  type Outcome = Readonly<{ status: number; location: string | null }>;
  const browserAsks = async (method: string, fields: Record<string, string>): Promise<Outcome> => {
    const answer = await ask(method, new URLSearchParams(fields).toString());
    return { status: answer.status, location: answer.headers.get('location') };
  };
  const surfaces: Readonly<Record<string, (client: string, uri: string) => Promise<Outcome>>> = {
    'the authorization endpoint by GET': (client, uri) => browserAsks('GET', parametersOf(client, uri)),
    'the authorization endpoint by POST': (client, uri) => browserAsks('POST', parametersOf(client, uri)),
    'a request object': async (client, uri) => {
      const { client_id: id, ...rest } = parametersOf(client, uri);
      const now = Math.floor(Date.parse(annal.clock.now()) / 1000);
      const request = await new SignJWT({ ...rest, client_id: id, iss: id, aud: issuer, exp: now + 60 })
        .setProtectedHeader({ alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: 'k1' })
        .sign(keys.privateKey);
      return browserAsks('GET', { client_id: id, request });
    },
    'a pushed request': async (client, uri) => {
      const { prompt: _, ...fields } = parametersOf(client, uri);
      const pushed = await annal.call<{ request_uri: string }>('POST', '/t/default/oauth2/par', { form: fields });
      if (pushed.status !== 201) return { status: pushed.status, location: null };
      // The person is asked to sign in, on the way to where the request was let through to.
      const { location } = await browserAsks('GET', {
        client_id: fields.client_id,
        request_uri: pushed.body.request_uri,
      });
      return { status: 303, location: location?.startsWith('/t/default/sign-in?') ? uri : location };
    },
  };

  for (const [surface, present] of Object.entries(surfaces)) {
    it(`OA-01: ${surface} answers at every registered URI, as it stands`, async () => {
      for (const [client, uri, why] of redirectCorpus.accept) {
        const { status, location } = await present(client, uri);
        expect(status, `${why} ${uri}`).to.equal(303);
        expect(location, why).to.satisfy((at: string) => at.startsWith(uri));
      }
    });

    it(`OA-01, OA-02: ${surface} sends nobody anywhere else, and nothing is recorded`, async () => {
      const head = await annal.head();
      for (const [client, uri, why] of redirectCorpus.reject) {
        const { status, location } = await present(client, uri);
        expect({ status, location }, `${why} ${JSON.stringify(uri)}`).to.deep.equal({ status: 400, location: null });
      }
      expect(await annal.head()).to.equal(head);
    });
  }

  describe('in how they are sent', () => {
    const evil = 'https://evil.example/cb';
    const good = 'https://app.example.com/cb';
    const rest = () => {
      const { redirect_uri: _, ...fields } = parametersOf('web', good);
      return new URLSearchParams(fields).toString();
    };
    const raw: Readonly<Record<string, () => string>> = {
      'a good one and a bad one': () => `${rest()}&redirect_uri=${good}&redirect_uri=${evil}`,
      'a bad one and a good one': () => `${rest()}&redirect_uri=${evil}&redirect_uri=${good}`,
      'one that is no UTF-8': () => `${rest()}&redirect_uri=${good}%ff`,
      'one of 8,193 characters': () => `${rest()}&redirect_uri=${good}${'x'.repeat(8_193 - good.length)}`,
      'another parameter twice': () => `${rest()}&redirect_uri=${good}&scope=email`,
    };
    for (const [what, query] of Object.entries(raw)) {
      for (const method of ['GET', 'POST']) {
        it(`OA-01: refuses ${what}, by ${method}`, async () => {
          const answer = await ask(method, query());
          expect(answer.status).to.be.within(400, 422);
          expect(answer.headers.get('location')).to.equal(null);
        });
      }
    }

    it('OA-01: does not read brackets as a list', async () => {
      for (const name of ['redirect_uri[]', 'redirect_uri[0]']) {
        const answer = await ask('GET', `${rest()}&redirect_uri=${good}&${encodeURIComponent(name)}=${evil}`);
        expect(answer.headers.get('location')).to.satisfy((at: string) => at.startsWith(`${good}?`));
      }
    });

    it('OA-01: needs one of a client that has several', async () => {
      clients.set('two', await registered({ redirectUris: [callback, `${callback}/2`] }));
      const { redirect_uri: _, ...fields } = parametersOf('two', callback);
      const { status, location } = await browserAsks('GET', fields);
      expect({ status, location }).to.deep.equal({ status: 400, location: null });
    });
  });
});
