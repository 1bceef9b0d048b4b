import { expect } from 'chai';
import { Annal } from '../support/annal.js';
import { overTls } from '../support/browser.js';
import { issuer, RelyingParty } from '../support/conformance.js';
import { admitted, root } from '../support/people.js';

/** Somebody reads along in the browser, or answers in the name of another server. */
describe('attacks in the browser', () => {
  let annal: Annal;
  let admin: string;
  let rp: RelyingParty;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
  });
  beforeEach(async () => {
    const client = await RelyingParty.register(annal, admin);
    rp = new RelyingParty(annal, admin, 'query', client, await admitted(annal, admin));
  });
  after(() => annal.stop());

  const authorizeUrl = (more: object = {}) =>
    `/t/default/oauth2/authorize?${new URLSearchParams(rp.parameters(more)).toString()}`;

  for (const origin of ['https://evil.example', 'https://rp.example.com', 'null']) {
    it(`OA-09: pages of ${origin} cannot read what the authorization endpoint answers`, async () => {
      const asked = { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } };
      for (const path of ['/t/default/oauth2/authorize', '/t/default/oauth2/resume', '/t/default/oauth2/par']) {
        const preflight = await fetch(annal.url + path, asked);
        expect(preflight.headers.get('access-control-allow-origin'), path).to.equal(null);
      }
      const answer = await fetch(annal.url + authorizeUrl(), { redirect: 'manual', headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
    });
  }

  it('OA-09: scripts may use the token endpoint and the documents', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-method': 'GET' };
    for (const path of ['/jwks.json', '/.well-known/openid-configuration', '/oauth2/userinfo']) {
      const preflight = await fetch(`${annal.url}/t/default${path}`, { method: 'OPTIONS', headers });
      expect(preflight.headers.get('access-control-allow-origin'), path).to.equal('*');
    }
  });

  it('OA-10, OA-15: pages on the way are sent to nobody, framed by nobody and load nothing of others', async () => {
    const first = await rp.browser.open(authorizeUrl());
    const pages = [first, await rp.browser.press(first, { identifier: rp.person.email })];
    pages.push(await rp.browser.press(pages[1] as (typeof pages)[0], { current: 'correct horse battery staple' }));
    for (const { headers, html, url } of pages) {
      expect(headers.get('referrer-policy'), url).to.equal('no-referrer');
      expect(headers.get('content-security-policy'), url).to.include("frame-ancestors 'none'");
      expect(headers.get('cache-control'), url).to.equal('no-store');
      expect([...html.matchAll(/(?:src|href)="(https?:[^"]*)"/g)], url).to.deep.equal([]);
    }
    expect(pages[2]?.html).to.include('name="decision"');
  });

  it('OA-11: every answer names its issuer', async () => {
    const outcomes = [
      await rp.authorize({ prompt: 'none' }),
      await rp.authorize({ response_type: 'token' }),
      await rp.authorize({ scope: 'openid somebody' }),
      await rp.authorize({ claims: '{' }),
      await rp.authorize({ request: 'x' }),
      await rp.authorize(),
      await rp.authorize({ response_mode: 'form_post' }),
    ];
    expect(outcomes.map(({ answer }) => answer['iss'])).to.deep.equal(outcomes.map(() => issuer));
    expect(outcomes.at(-1)?.answer).to.have.property('code');
    const { body } = await annal.call('GET', '/t/default/.well-known/openid-configuration');
    expect(body['authorization_response_iss_parameter_supported']).to.equal(true);
  });

  it('OA-12: what was typed is never posted again: 303 after every form', async () => {
    const statuses: number[] = [];
    const open = rp.browser.open.bind(rp.browser);
    rp.browser.open = async (url, init) => {
      const page = await open(url, init);
      if (init?.method === 'POST') statuses.push(page.status);
      return page;
    };
    const { answer } = await rp.authorize();
    expect(answer).to.have.property('code');
    // Forms that show the next page, and forms that send on; nothing between.
    expect(statuses.every((status) => status === 200 || status === 303)).to.equal(true);
    expect(statuses.at(-1)).to.equal(303);
  });

  it('OA-14: nobody chooses the name of a client', async () => {
    const body = { name: 'Me', confidential: true, client: rp.person.user, client_id: rp.person.user };
    const made = await annal.call('POST', '/api/v1/tenants/default/clients', { body, token: admin });
    expect(made.status).to.be.within(400, 422);
  });
});
