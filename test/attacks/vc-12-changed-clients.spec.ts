import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { type Page, overTls } from '../support/browser.js';
import { callback, RelyingParty } from '../support/conformance.js';
import { admitted, api, root, signIn } from '../support/people.js';

/** What an application was allowed when it asked is not what it is allowed when its person answers. */
describe('attacks with requests that are under way', () => {
  let annal: Annal;
  let admin: string;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
  });
  after(() => annal.stop());

  const party = async (more: object = {}) => {
    const client = await RelyingParty.register(annal, admin, { scopes: ['openid', 'account'], ...more });
    return new RelyingParty(annal, admin, 'query', client, await admitted(annal, admin));
  };
  const pathOf = ({ client }: RelyingParty) => `/api/v1/tenants/default/clients/${client.id}`;
  async function changed(rp: RelyingParty, body: object): Promise<void> {
    const { status, text } = await annal.call('PATCH', pathOf(rp), { body, token: admin });
    expect(status, text).to.be.below(300);
  }
  async function disabled(rp: RelyingParty): Promise<void> {
    expect((await annal.call('POST', `${pathOf(rp)}/disable`, { token: admin })).status).to.equal(204);
  }
  async function signingIn({ browser }: RelyingParty, url: string, email: string): Promise<Page> {
    const named = await browser.press(await browser.open(url), { identifier: email });
    return browser.press(named, { current: password });
  }
  const asking = (rp: RelyingParty, more: Readonly<Record<string, string>> = {}): string => {
    const parameters = rp.parameters({ scope: 'openid account', ...more });
    return `/t/default/oauth2/authorize?${new URLSearchParams(parameters).toString()}`;
  };
  async function asked(rp: RelyingParty): Promise<Page> {
    const page = await signingIn(rp, asking(rp), rp.person.email);
    expect(page.url).to.include('/consent?');
    return page;
  }

  const changes: Readonly<Record<string, (rp: RelyingParty) => Promise<void>>> = {
    'a scope that it may not ask for any more': (rp) => changed(rp, { scopes: ['openid'] }),
    'an address that is not registered any more': (rp) => changed(rp, { redirectUris: ['https://new.example.com/'] }),
    'PKCE that it must use now': (rp) => changed(rp, { requirePkce: true }),
    'a client that was disabled': disabled,
  };
  for (const [name, change] of Object.entries(changes)) {
    for (const decision of ['agree', 'deny']) {
      it(`VC-12: a consent page from before: ${name}, ${decision}`, async () => {
        const rp = await party();
        const page = await asked(rp);
        await change(rp);
        const { status, url } = await rp.browser.press(page, { decision });
        expect({ status, away: url.startsWith(callback) }).to.deep.equal({ status: 400, away: false });
      });
    }

    it(`VC-12: a request that was pushed before: ${name}`, async () => {
      const rp = await party();
      const { body } = await rp.post('/t/default/oauth2/par', rp.parameters({ scope: 'openid account' }));
      const brought = { client_id: rp.client.id, request_uri: String(body['request_uri']) };
      await change(rp);
      const url = `/t/default/oauth2/authorize?${new URLSearchParams(brought).toString()}`;
      expect((await rp.browser.open(url)).status).to.equal(400);
    });
  }

  it('VC-06: nobody agrees in the name of somebody who signed in in another tab', async () => {
    const rp = await party();
    const page = await asked(rp);
    const other = await admitted(annal, admin);
    await signingIn(rp, '/t/default/sign-in', other.email);
    const next = await rp.browser.press(page, { decision: 'agree' });
    expect(next.url).to.include('/consent?');
    expect(next.html).to.include(other.email).and.to.not.include(rp.person.email);
    expect((await rp.browser.press(next, { decision: 'agree' })).url).to.include('code=');
  });

  it('VC-06: nobody goes on with an account that the page did not show', async () => {
    const rp = await party({ firstParty: true });
    await signingIn(rp, '/t/default/sign-in', rp.person.email);
    annal.clock.advance(1);
    const page = await rp.browser.open(asking(rp, { prompt: 'select_account' }));
    expect(page.html).to.include(rp.person.email);
    // Who was signed in before the request came has chosen nothing by that.
    const other = new RelyingParty(annal, admin, 'query', rp.client, await admitted(annal, admin));
    annal.clock.advance(-1);
    await signingIn(other, '/t/default/sign-in', other.person.email);
    annal.clock.advance(1);
    const next = await other.browser.press(page, {});
    expect(next.url).to.include('/select-account?');
    expect(next.html).to.include(other.person.email);
  });

  it('VC-20: an application of somebody else signs nobody in with a form of its own', async () => {
    const { email } = await admitted(annal, admin);
    const stranger = await RelyingParty.register(annal, admin, {
      ...{ kind: 'spa', confidential: undefined, requirePkce: undefined, idTokenAlgorithm: undefined },
    });
    const { status, text } = await signIn(annal, email, password, api, { client: stranger.id });
    expect({ status, text: text.includes('accessToken') }).to.deep.equal({ status: 400, text: false });
  });

  it('VC-28: a request that fits through no page is refused to the client', async () => {
    const rp = await party();
    const claims = JSON.stringify({ id_token: { acr: { values: ['x'.repeat(3_000)], essential: true } } });
    const { answer } = await rp.authorize({ state: 's'.repeat(4_000), claims });
    expect(answer).to.include({ error: 'invalid_request' });
  });
});
