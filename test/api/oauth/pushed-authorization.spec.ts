import { expect } from 'chai';
import { Annal } from '../../support/annal.js';
import { overTls } from '../../support/browser.js';
import { callback, issuer, RelyingParty } from '../../support/conformance.js';
import { admitted, root } from '../../support/people.js';

type Pushed = Readonly<{ request_uri: string; expires_in: number }>;

describe('requests that were pushed (RFC 9126)', () => {
  let annal: Annal;
  let admin: string;
  let rp: RelyingParty;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
  });
  beforeEach(async () => {
    const client = await RelyingParty.register(annal, admin, { requirePushedAuthorizationRequests: true });
    rp = new RelyingParty(annal, admin, 'query', client, await admitted(annal, admin));
  });
  after(() => annal.stop());

  const push = async (party = rp, more = {}) => {
    const answer = await party.post('/t/default/oauth2/par', party.parameters(more));
    expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
    return answer.body as Pushed;
  };
  const bring = (uri: string, more: object = {}, party = rp) =>
    party.visit(
      `/t/default/oauth2/authorize?${new URLSearchParams({ client_id: party.client.id, request_uri: uri, ...more }).toString()}`,
    );

  it('are brought by the browser, and only what was pushed counts', async () => {
    const state = 'as pushed';
    const { request_uri: uri, expires_in: seconds } = await push(rp, { state });
    expect(uri).to.match(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/);
    expect(seconds).to.be.within(5, 600);
    const { answer, page } = await bring(uri, { state: 'outside', redirect_uri: 'https://evil.example/cb' });
    expect(page.url).to.satisfy((url: string) => url.startsWith(`${callback}?`));
    expect(answer).to.include({ state, iss: issuer });
    expect((await rp.redeem(answer['code'] ?? '')).status).to.equal(200);
  });

  it('may be loaded again until they are answered, and are spent then', async () => {
    const { request_uri: uri } = await push();
    const url = `/t/default/oauth2/authorize?${new URLSearchParams({ client_id: rp.client.id, request_uri: uri }).toString()}`;
    expect((await rp.browser.open(url)).status).to.equal(200);
    expect((await bring(uri)).answer).to.have.property('code');
    expect((await bring(uri)).page.status).to.equal(400);
  });

  it('of one client are of no use to another', async () => {
    const { request_uri: uri } = await push();
    const other = rp.as(await RelyingParty.register(annal, admin));
    expect((await bring(uri, {}, other)).page.status).to.equal(400);
    expect((await bring(uri)).answer).to.have.property('code');
  });

  it('end', async () => {
    const { request_uri: uri, expires_in: seconds } = await push();
    annal.clock.advance(seconds);
    expect((await bring(uri)).page.status).to.equal(400);
  });

  it('are asked for of clients that must push', async () => {
    expect((await rp.authorize()).answer['error']).to.equal('invalid_request');
  });

  const wrong: readonly (readonly [what: string, more: object, error: string])[] = [
    ['a redirect URI that is not registered', { redirect_uri: `${callback}/` }, 'invalid_request'],
    ['a request_uri', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request'],
    ['a response type with a token', { response_type: 'code token' }, 'unsupported_response_type'],
    ['PKCE by plain', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }, 'invalid_request'],
    ['a scope of others', { scope: 'openid administration' }, 'invalid_scope'],
  ];
  for (const [what, more, error] of wrong) {
    it(`are refused at once with ${what}`, async () => {
      const { status, body } = await rp.post('/t/default/oauth2/par', rp.parameters(more));
      expect([status, body['error']]).to.deep.equal([400, error]);
    });
  }

  it('are taken of nobody but the client, by POST alone', async () => {
    const form = rp.parameters();
    expect((await annal.call('POST', '/t/default/oauth2/par', { form })).status).to.equal(401);
    expect((await annal.call('GET', '/t/default/oauth2/par')).status).to.equal(405);
  });
});
