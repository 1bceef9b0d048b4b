import { expect } from 'chai';
import { Annal, password } from '../../support/annal.js';
import { nextMail } from '../../support/attacking.js';
import { Browser, origin, overTls, type Page } from '../../support/browser.js';
import { admitted, api, newEmail, root, unproved } from '../../support/people.js';

const callback = 'https://shop.example.com/callback';
const session = '__Secure-annal-session';
const device = '__Secure-annal-device';
const renewed = 'quite another horse staple';

describe('signing in on the pages', () => {
  let annal: Annal;
  let admin: string;
  let client: string;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
    admin = await root(annal);
    const answer = await annal.call<{ client: string }>('POST', '/api/v1/tenants/default/clients', {
      body: { name: 'Shop', redirectUris: [callback], confidential: false, firstParty: true },
      token: admin,
    });
    client = answer.body.client;
  });
  // The clock runs ahead of the token now and then.
  beforeEach(async () => {
    admin = await root(annal);
  });
  after(() => annal.stop());

  const asked = (more: Readonly<Record<string, string>> = {}): string => {
    const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
    const parameters = { client_id: client, redirect_uri: callback, response_type: 'code', scope: 'openid' };
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' };
    return `/t/default/oauth2/authorize?${new URLSearchParams({ ...parameters, ...pkce, ...more }).toString()}`;
  };
  const codeIn = ({ url }: Page): string | null =>
    url.startsWith(callback) ? new URL(url).searchParams.get('code') : null;

  async function signIn(browser: Browser, email: string, secret = password, more = {}): Promise<Page> {
    const who = await browser.press(await browser.open(asked(more)), { identifier: email });
    return browser.press(who, { current: secret });
  }

  it('asks who it is first, then for the password, and goes on to the application', async () => {
    const { email } = await admitted(annal, admin);
    const browser = new Browser(annal);
    const first = await browser.open(asked({ login_hint: email }));
    expect(browser.heading(first)).to.equal('Sign in');
    expect(first.html).to.contain(`value="${email}"`).and.not.to.contain('type="password"');
    expect(first.headers.get('content-security-policy')).to.contain("form-action 'self' https://shop.example.com");
    const second = await browser.press(first, { identifier: email });
    expect(second.html).to.contain('autocomplete="current-password"').and.to.contain(email);
    expect(codeIn(await browser.press(second, { current: password }))).to.be.a('string');
  });

  it('takes no empty name, and tells names that nobody has from others by nothing', async () => {
    const { email } = await admitted(annal, admin);
    const browser = new Browser(annal);
    const first = await browser.open(asked());
    const empty = await browser.press(first, { identifier: ' ' });
    expect([empty.status, empty.html.includes('id="identifier-error"')]).to.deep.equal([422, true]);
    const plain = (page: Page, name: string) => page.html.replaceAll(name, 'x').replace(/value="[^"]*"/g, '');
    const stranger = newEmail();
    const [known, unknown] = [
      await browser.press(first, { identifier: email }),
      await browser.press(first, { identifier: stranger }),
    ];
    expect(plain(unknown, stranger)).to.equal(plain(known, email));
    const wrong = [
      await browser.press(known, { current: 'wrong' }),
      await browser.press(unknown, { current: 'wrong' }),
    ];
    expect(wrong.map(({ status }) => status)).to.deep.equal([401, 401]);
    expect(plain(wrong[1] as Page, stranger)).to.equal(plain(wrong[0] as Page, email));
    expect(wrong[0]?.html).to.contain('The name or the password is wrong.');
  });

  it('speaks the language that the application asks for before that of the browser', async () => {
    const browser = new Browser(annal);
    const page = await browser.open(asked({ ui_locales: 'fr de-AT' }));
    expect([browser.heading(page), page.headers.get('content-language')]).to.deep.equal(['Anmelden', 'de']);
    expect(browser.heading(await browser.press(page, { identifier: 'ada@example.com' }))).to.equal('Anmelden');
  });

  it('says how long to wait once there were too many wrong passwords, but not to a browser that was let in before', async () => {
    const { email } = await admitted(annal, admin);
    const known = new Browser(annal);
    await signIn(known, email);
    expect(known.cookie(device)).to.match(/^annal_dt_/);
    const stranger = new Browser(annal);
    const who = await stranger.press(await stranger.open(asked()), { identifier: email });
    let page = who;
    for (let tries = 0; tries <= 10; tries++) page = await stranger.press(who, { current: `wrong ${tries}` });
    expect(page.status).to.equal(429);
    expect(page.html).to.match(/There were too many attempts\. Try again in \d+ seconds\./);
    expect((await signIn(stranger, email)).status).to.equal(429);
    known.forget(session);
    expect(codeIn(await signIn(known, email))).to.be.a('string');
  });

  it('remembers the device of everybody who shares a browser', async () => {
    const people = [await admitted(annal, admin), await admitted(annal, admin)];
    const browser = new Browser(annal);
    for (const { email } of people) await signIn(browser, email, password, { prompt: 'login' });
    expect(browser.cookie(device)?.split('~')).to.have.length(2);
    const cookies = (await browser.press(await browser.open('/t/default/sign-in'), { identifier: 'x' })).headers;
    expect(cookies.getSetCookie()).to.deep.equal([]);
  });

  it('gives out cookies that no script reads, for this tenant alone; that of the device stays when the browser is closed', async () => {
    const { email } = await admitted(annal, admin);
    const browser = new Browser(annal);
    const who = await browser.press(await browser.open('/t/default/sign-in'), { identifier: email });
    const form = new URLSearchParams({ identifier: email, current: password });
    expect(who.status).to.equal(200);
    const answer = await fetch(`${annal.url}/t/default/sign-in`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
      headers: { origin, 'sec-fetch-site': 'same-origin' },
    });
    const [ofSession = '', ofDevice = ''] = answer.headers.getSetCookie();
    expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, '/t/default/account']);
    for (const cookie of [ofSession, ofDevice])
      expect(cookie).to.contain('; Path=/t/default; HttpOnly; SameSite=Lax; Secure');
    expect(ofSession).not.to.contain('Max-Age');
    expect(ofDevice).to.contain('; Max-Age=34560000');
  });

  it('VC-13: whoever signs in again gets another cookie, and the old one is worth nothing', async () => {
    const { email } = await admitted(annal, admin);
    const browser = new Browser(annal);
    await signIn(browser, email);
    const old = browser.cookie(session) ?? '';
    await signIn(browser, email, password, { prompt: 'login' });
    expect(browser.cookie(session)).not.to.equal(old);
    const thief = await new Browser(annal).open(asked({ prompt: 'none' }), {
      headers: { cookie: `${session}=${old}` },
    });
    expect(new URL(thief.url).searchParams.get('error')).to.equal('login_required');
  });

  it('asks for the code of an address that is still to be proved, and sends another', async () => {
    const email = newEmail();
    await unproved(annal, email);
    const browser = new Browser(annal);
    const step = await signIn(browser, email);
    expect(browser.heading(step)).to.equal('Confirm your address');
    const wrong = await browser.press(step, { code: '000000' });
    expect([wrong.status, wrong.html.includes('id="code-error"')]).to.deep.equal([400, true]);
    const first = await annal.mail(email, 'verify-email');
    const again = await browser.press(wrong, {}, '/sign-in/message');
    expect([again.status, again.html.includes('a new code is on its way')]).to.deep.equal([200, true]);
    const { code } = await nextMail(annal, email, 'verify-email', first.token);
    expect(codeIn(await browser.press(again, { code: `${code.slice(0, 3)} ${code.slice(3)}` }))).to.be.a('string');
  });

  it('asks for another password where one is wanted, by the step that the sealed flow names', async () => {
    const { email, user } = await admitted(annal, admin);
    const required = await annal.call('POST', `/api/v1/tenants/default/users/${user}/require-password-change`, {
      token: admin,
    });
    expect(required.status, required.text).to.equal(204);
    const browser = new Browser(annal);
    const step = await signIn(browser, email);
    expect(browser.heading(step)).to.equal('Choose a new password');
    const weak = await browser.press(step, { password: 'short' });
    expect(weak.html).to.contain('Use at least 15 characters.');
    // What is sent to the form of another step leads nowhere.
    const flow = /name="flow" value="([^"]*)"/.exec(step.html)?.[1] ?? '';
    const guessed = await browser.press(
      { ...step, html: `<form method="post" action="/t/default/sign-in/code"></form>` },
      { flow, code: '123456' },
    );
    expect([guessed.status, browser.heading(guessed)]).to.deep.equal([422, 'Choose a new password']);
    expect(browser.cookie(session)).to.equal(undefined);
    expect(codeIn(await browser.press(weak, { password: renewed }))).to.be.a('string');
  });

  it('begins anew where the flow is too old or none, and says when the request is', async () => {
    const email = newEmail();
    await unproved(annal, email);
    const browser = new Browser(annal);
    const step = await signIn(browser, email);
    annal.clock.advance(601);
    expect(browser.heading(await browser.press(step, { code: '123456' }))).to.equal('Sign in');
    expect(browser.heading(await browser.press(step, { flow: 'nonsense', code: '1' }))).to.equal('Sign in');
    const dead = await browser.open('/t/default/sign-in?request=nonsense');
    expect([dead.status, browser.heading(dead)]).to.deep.equal([400, 'This took too long']);
  });

  it('leads somebody who forgot the password back to the application', async () => {
    const { email } = await admitted(annal, admin);
    const browser = new Browser(annal);
    const who = await browser.press(await browser.open(asked()), { identifier: email });
    const forgotten = await browser.open(browser.link(who, 'reset-password'));
    const sent = await browser.press(forgotten, { identifier: email });
    const { code } = await annal.mail(email, 'reset-password');
    const changed = await browser.press(sent, { identifier: email, code, password: renewed, repeated: renewed });
    expect(browser.heading(changed)).to.equal('Your password was changed');
    const back = await browser.open(browser.link(changed, 'sign-in'));
    const named = await browser.press(back, { identifier: email });
    expect(codeIn(await browser.press(named, { current: renewed }))).to.be.a('string');
  });

  it('asks with which account to go on where the application wants that', async () => {
    const { email } = await admitted(annal, admin);
    const browser = new Browser(annal);
    await signIn(browser, email);
    const page = await browser.open(asked({ prompt: 'select_account' }));
    expect(browser.heading(page)).to.equal('Choose an account');
    expect(page.html).to.contain(email);
    expect(browser.heading(await browser.open(browser.link(page, 'sign-in')))).to.equal('Sign in');
    expect(codeIn(await browser.press(page))).to.be.a('string');
  });

  describe('making an account', () => {
    const twice = { password, repeated: password };

    it('goes straight on to the application with the code, without typing the password again', async () => {
      const browser = new Browser(annal);
      const start = await browser.open(asked());
      const form = await browser.open(browser.link(start, '/register'));
      expect(browser.heading(form)).to.equal('Create an account');
      expect(form.html).to.contain('At least 15 characters').and.to.contain('User name (optional)');
      const weak = await browser.press(form, { email: 'nonsense', password: 'short', repeated: 'other' });
      expect(weak.status).to.equal(422);
      const email = newEmail();
      const step = await browser.press(weak, { email, username: '', phone: '', ...twice });
      expect([step.status, browser.heading(step)]).to.deep.equal([200, 'Confirm your address']);
      const { code } = await annal.mail(email, 'verify-email');
      expect(codeIn(await browser.press(step, { code }))).to.be.a('string');
      expect(codeIn(await signIn(new Browser(annal), email))).to.be.a('string');
    });

    it('is where an application leads that wants a new account', async () => {
      const browser = new Browser(annal);
      expect(browser.heading(await browser.open(asked({ prompt: 'create' })))).to.equal('Create an account');
    });

    it('VC-11: an address that is taken is answered like one that is free, to the last wrong code', async () => {
      const { email: taken } = await admitted(annal, admin);
      const seen: string[][] = [];
      for (const email of [taken, newEmail()]) {
        const browser = new Browser(annal);
        let page = await browser.press(await browser.open('/t/default/register'), { email, ...twice });
        const pages = [page];
        for (let tries = 0; tries < 4; tries++) pages.push((page = await browser.press(page, { code: '000000' })));
        pages.push((page = await browser.press(page, {}, '/sign-in/message')));
        for (let tries = 0; tries < 7; tries++) pages.push((page = await browser.press(page, { code: '000000' })));
        seen.push(pages.map(({ status, html }) => `${status} ${html.replace(/value="[^"]*"/g, '')}`));
        expect(browser.cookie(session)).to.equal(undefined);
      }
      expect(seen[1]).to.deep.equal(seen[0]);
    });

    it('VC-11: wrong codes go on the count of the name, however often it is registered and wherever they are sent', async () => {
      const email = newEmail();
      const guess = () => annal.call('POST', `${api}/verifications/confirm`, { body: { email, code: '000000' } });
      for (let tries = 0; tries < 10; tries++) await guess();
      const browser = new Browser(annal);
      const step = await browser.press(await browser.open('/t/default/register'), { email, ...twice });
      expect((await browser.press(step, { code: '000000' })).status).to.equal(429);
    });

    it('a stranger registers somebody’s address and waits until its owner has clicked the link; the browser of the stranger stays outside', async () => {
      const email = newEmail();
      const browser = new Browser(annal);
      const step = await browser.press(await browser.open('/t/default/register'), { email, ...twice });
      const { token } = await annal.mail(email, 'verify-email');
      const owner = new Browser(annal);
      await owner.press(await owner.open(`/t/default/verify-email?token=${token}`));
      const answer = await browser.press(step, { code: '000000' });
      expect([answer.status, browser.cookie(session)]).to.deep.equal([400, undefined]);
    });

    it('is not offered, and not done, where the tenant makes its accounts itself', async () => {
      const settings = (open: boolean) =>
        annal.call('PUT', '/api/v1/tenants/default/settings', {
          body: { overrides: { registration: { open } } },
          token: admin,
        });
      const browser = new Browser(annal);
      const form = await browser.open('/t/default/register');
      expect((await settings(false)).status).to.be.below(300);
      try {
        expect(browser.heading(await browser.open('/t/default/register'))).to.equal('No new accounts here');
        const refused = await browser.press(form, { email: newEmail(), ...twice });
        expect([refused.status, browser.heading(refused)]).to.deep.equal([400, 'No new accounts here']);
        expect((await browser.open(asked())).html).not.to.contain('/register');
      } finally {
        await settings(true);
      }
    });
  });
});
