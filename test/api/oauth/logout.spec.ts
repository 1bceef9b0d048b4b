import { expect } from 'chai';
import { Annal, password } from '../../support/annal.js';
import { overTls } from '../../support/browser.js';
import { RelyingParty } from '../../support/conformance.js';
import { logOut, loggedIn, loggedOut, logoutClient, postLogout } from '../../support/conformance-logout.js';
import { settle } from '../../support/attacking.js';
import { admitted, api, root, signedIn } from '../../support/people.js';

describe('signing out', () => {
  let annal: Annal;
  let admin: string;
  let rp: RelyingParty;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
  });
  beforeEach(async () => {
    admin = await root(annal);
    const client = await RelyingParty.register(annal, admin, logoutClient);
    rp = new RelyingParty(annal, admin, 'query', client, await admitted(annal, admin));
  });
  after(() => annal.stop());

  const given = async (scope: string) => {
    const { refresh_token: token = '', access_token: access, id_token: hint } = await rp.tokens({ scope });
    return { refreshes: () => rp.refresh(token), access, hint };
  };
  const works = async (refresh: () => ReturnType<RelyingParty['refresh']>) => (await refresh()).status === 200;

  it('ends what was given on the session', async () => {
    const { refreshes, access, hint } = await given('openid');
    await logOut(rp, { id_token_hint: hint });
    expect((await rp.userinfo(access)).status).to.equal(401);
    expect(await works(refreshes)).to.equal(false);
  });

  it('leaves what was given for when the person is away, until the password is changed', async () => {
    const { refreshes, hint } = await given('openid offline_access');
    await logOut(rp, { id_token_hint: hint });
    const { body } = await refreshes();
    expect(body['access_token']).to.be.a('string');
    expect((await rp.userinfo(body['access_token'] as string)).status).to.equal(200);

    const { accessToken } = await signedIn(annal, rp.person.email);
    const change = { current: password, password: 'another correct horse battery' };
    const path = `${api}/me/password`;
    const changed = await annal.call('POST', path, { body: change, token: accessToken });
    expect(changed.status, changed.text).to.be.below(300);
    expect((await rp.refresh(body['refresh_token'] as string)).body['error']).to.equal('invalid_grant');
  });

  it('leaves it when the session comes to its end by itself, and takes it when the person is suspended', async () => {
    await settle(annal, 'default', { session: { absoluteSeconds: 3_600, idleSeconds: 3_600 } });
    const { refreshes } = await given('openid offline_access');
    const { refreshes: withSession } = await given('openid');
    annal.clock.advance(7_200);
    expect(await works(withSession)).to.equal(false);
    const { status, body } = await refreshes();
    expect(status, JSON.stringify(body)).to.equal(200);
    const suspended = await annal.call('POST', `/api/v1/tenants/default/users/${rp.person.user}/suspend`, {
      body: { reason: 'x' },
      token: await root(annal),
    });
    expect(suspended.status, suspended.text).to.be.below(300);
    expect((await rp.refresh(body['refresh_token'] as string)).body['error']).to.equal('invalid_grant');
  });

  it('by somebody else’s ID token asks first', async () => {
    const other = rp.of(await admitted(annal, admin));
    const foreign = await loggedIn(other);
    await loggedIn(rp);
    const page = await logOut(rp, { id_token_hint: foreign, post_logout_redirect_uri: postLogout });
    expect(page.status).to.equal(200);
    expect(await loggedOut(rp)).to.equal(false);
    expect((await rp.browser.press(page)).url).to.equal(postLogout);
    expect(await loggedOut(rp)).to.equal(true);
    expect(await loggedOut(other)).to.equal(false);
  });

  it('by a form of another site, which brings no cookie, works as well', async () => {
    const hint = await loggedIn(rp);
    const form = { id_token_hint: hint };
    expect((await annal.call('POST', '/t/default/oauth2/logout', { form })).status).to.equal(200);
    expect(await loggedOut(rp)).to.equal(true);
  });

  it('by the form of the page is not for other sites', async () => {
    await loggedIn(rp);
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    const page = await rp.browser.open('/t/default/sign-out', { method: 'POST', body: new URLSearchParams(), headers });
    expect(page.status).to.equal(403);
    expect(await loggedOut(rp)).to.equal(false);
  });
});
