import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { Annal, password } from '../support/annal.js';
import { admitted, newEmail, newTenant, root, unproved } from '../support/people.js';
import { bringsChromium, findings, startChromium, tabTo, watched } from './chromium.js';

/** What a script adds has a type. */
const submit = 'form button:not([type])';
const screenshots = process.env['ANNAL_TEST_SCREENSHOTS'];

const pages = (): void => {
  let annal: Annal;
  let browser: Browser;
  let admin: string;
  let client: string;
  /** The application that people come back to: another origin, as far as a policy is concerned. */
  let server: Server;
  let shop: string;
  let callback: string;
  let served = '<h1>Shop</h1>';
  before(async () => {
    server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(`<!doctype html>${served}`));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    shop = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    callback = `${shop}/callback`;
    [annal, browser] = await Promise.all([Annal.start(), startChromium()]);
    admin = await root(annal);
    const answer = await annal.call<{ client: string }>('POST', '/api/v1/tenants/default/clients', {
      body: { name: 'Shop', kind: 'native', redirectUris: [callback] },
      token: admin,
    });
    client = answer.body.client;
  });
  after(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
    await annal.stop();
  });

  const asked = (more: Readonly<Record<string, string>> = {}): string => {
    const parameters = { client_id: client, redirect_uri: callback, response_type: 'code', scope: 'openid email' };
    const pkce = {
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    };
    return `${annal.url}/t/default/oauth2/authorize?${new URLSearchParams({ ...parameters, ...pkce, ...more }).toString()}`;
  };

  const heading = (page: Page): Promise<string | null> => page.textContent('h1');

  it('lead somebody by keyboard alone from an application through registration, code and consent back to it', async () => {
    const { context, violations, origins } = await watched(browser);
    const page = await context.newPage();
    await page.goto(asked());
    await tabTo(page, 'a[href*="/register"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#email');
    const email = newEmail();
    for (const [field, text] of [
      ['email', email],
      ['password', password],
      ['repeated', password],
    ] as const) {
      await tabTo(page, `#${field}`);
      await page.keyboard.type(text);
    }
    // Shown, looked at, and sent as a password all the same.
    await tabTo(page, '.field:has(#password) .reveal');
    await page.keyboard.press('Space');
    expect(await page.getAttribute('#password', 'type')).to.equal('text');
    await tabTo(page, submit);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#code');
    const { code } = await annal.mail(email, 'verify-email');
    await tabTo(page, '#code');
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await page.waitForSelector('button[name="decision"]');
    expect(await heading(page)).to.contain('Shop');
    await tabTo(page, 'button[value="agree"]');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${callback}?*`);
    expect(new URL(page.url()).searchParams.get('code')).to.be.a('string');
    expect(violations).to.deep.equal([]);
    expect([...origins].sort()).to.deep.equal([annal.url, shop].sort());
    await context.close();
  });

  it('need no script', async () => {
    const { email } = await admitted(annal, admin);
    const { context, violations } = await watched(browser, { javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(asked());
    await page.fill('#identifier', email);
    await page.click(submit);
    await page.fill('#current', password);
    expect(await page.locator('.reveal').count()).to.equal(0);
    await page.click(submit);
    await page.click('button[value="agree"]');
    await page.waitForURL(`${callback}?*`);
    expect(violations).to.deep.equal([]);
    await context.close();
  });

  /** Every page there is, each by the way that leads to it. */
  const everyPage = async (): Promise<Readonly<Record<string, (page: Page) => Promise<unknown>>>> => {
    const at = (path: string) => (page: Page) => page.goto(`${annal.url}${path}`);
    const { email } = await admitted(annal, admin);
    const waiting = newEmail();
    await unproved(annal, waiting);
    const named = async (page: Page, identifier: string) => {
      await page.goto(asked());
      await page.fill('#identifier', identifier);
      await page.click(submit);
    };
    const signIn = async (page: Page, identifier: string, secret = password) => {
      await named(page, identifier);
      await page.fill('#current', secret);
      await page.click(submit);
    };
    const { context: signedIn } = await watched(browser);
    await signIn(await signedIn.newPage(), email);
    const cookies = await signedIn.cookies();
    const { slug } = await newTenant(annal, 'branded');
    const branding = {
      accent: '#7a1fa2',
      supportUrl: 'https://example.com/help',
      termsUrl: 'https://example.com/terms',
    };
    const body = { overrides: { branding } };
    await annal.call('PUT', `/api/v1/tenants/${slug}/settings`, { body, token: admin });
    await signedIn.close();
    const account = (under: string) => async (page: Page) => {
      await page.context().addCookies(cookies);
      await page.goto(`${annal.url}/t/default/account${under}`);
    };
    const invited = newEmail();
    await annal.call('POST', '/api/v1/tenants/default/users', { body: { email: invited }, token: admin });
    const { token } = await annal.mail(invited, 'invitation');
    return {
      service: at('/'),
      tenant: at('/t/default'),
      missing: at('/t/default/nosuch'),
      problems: at('/problems'),
      'sign-in': (page) => page.goto(asked()),
      'sign-in-error': async (page) => {
        await page.goto(asked());
        await page.click(submit);
      },
      password: (page) => named(page, email),
      'password-wrong': (page) => signIn(page, email, 'wrong'),
      code: (page) => signIn(page, waiting),
      'code-wrong': async (page) => {
        await signIn(page, waiting);
        await page.fill('#code', '000000');
        await page.click(submit);
      },
      consent: async (page) => {
        await page.context().addCookies(cookies);
        await page.goto(asked());
      },
      'select-account': async (page) => {
        await page.context().addCookies(cookies);
        await page.goto(asked({ prompt: 'select_account' }));
      },
      register: at('/t/default/register'),
      'register-error': async (page) => {
        await page.goto(`${annal.url}/t/default/register`);
        await page.fill('#email', 'nonsense');
        await page.fill('#password', 'short');
        await page.fill('#repeated', 'short');
        await page.click(submit);
      },
      account: account(''),
      'account-profile': account('/profile'),
      'account-email': account('/email'),
      'account-email-waiting': async (page) => {
        await account('/email')(page);
        await page.fill('#email', newEmail());
        await page.fill('#current', password);
        await page.click('form:has(#email) button:not([type])');
      },
      'account-password': account('/password'),
      'account-sessions': account('/sessions'),
      'account-history': account('/history'),
      'sign-out': account('/sign-out'),
      branded: at(`/t/${slug}/sign-in`),
      'branded-register': at(`/t/${slug}/register`),
      logout: at('/t/default/oauth2/logout'),
      'too-old': at('/t/default/sign-in?request=nonsense'),
      refused: at('/t/default/oauth2/authorize?client_id=nobody'),
      'reset-ask': at('/t/default/reset-password'),
      'reset-sent': at('/t/default/reset-password/sent'),
      'reset-changed': at('/t/default/reset-password/changed'),
      'reset-dead': at('/t/default/reset-password?token=nonsense'),
      verify: at('/t/default/verify-email'),
      'verify-message': at('/t/default/verify-email/message'),
      'verify-done': at('/t/default/verify-email/confirmed'),
      invitation: at(`/t/default/accept-invitation?token=${token}`),
      welcome: at('/t/default/accept-invitation/accepted'),
    };
  };

  it('give axe nothing to find against WCAG 2.2 AA in light and dark, break no policy of theirs and fit on a telephone', async function () {
    // Some seconds where nothing else runs beside it.
    this.timeout(240_000);
    for (const [name, open] of Object.entries(await everyPage())) {
      const { context, violations, origins } = await watched(browser);
      const page = await context.newPage();
      await open(page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const width of [1280, 390]) {
          await page.setViewportSize({ width, height: 844 });
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(overflow, `${name} is wider than ${width}`).to.equal(0);
          if (screenshots !== undefined)
            await page.screenshot({ path: `${screenshots}/${name}-${colorScheme}-${width}.png`, fullPage: true });
        }
        expect(
          await findings(page, colorScheme === 'light' ? 'everything' : 'colours'),
          `${name}, ${colorScheme}`,
        ).to.deep.equal([]);
      }
      expect(violations, name).to.deep.equal([]);
      expect([...origins], name).to.deep.equal([annal.url]);
      await context.close();
    }
  });

  it('OA-15: another site frames them; the browser shows none', async () => {
    const { context } = await watched(browser);
    const paths = ['/t/default/sign-in', '/t/default/register', '/t/default/reset-password', '/t/default', '/'];
    served = paths.map((path) => `<iframe src="${annal.url}${path}"></iframe>`).join('');
    const page = await context.newPage();
    // Another name for this machine is another site.
    await page.goto(shop.replace('127.0.0.1', 'localhost'));
    await page.waitForLoadState('networkidle');
    const shown = await Promise.all(
      page
        .frames()
        .slice(1)
        .map((frame) => frame.url()),
    );
    expect(shown).to.have.length(paths.length);
    for (const url of shown) expect(url).to.equal('chrome-error://chromewebdata/');
    await context.close();
  });

  it('VC-21: names of a tenant and of an application are scripts; nothing runs', async () => {
    const attacks = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '</title><svg onload=alert(1)>'];
    const { email } = await admitted(annal, admin);
    for (const name of attacks) {
      const made = await annal.call<{ client: string }>('POST', '/api/v1/tenants/default/clients', {
        body: { name, kind: 'native', redirectUris: [callback] },
        token: admin,
      });
      await annal.call('PATCH', '/api/v1/tenants/default', { body: { name }, token: admin });
      const { context, violations } = await watched(browser);
      const page = await context.newPage();
      await page.goto(asked({ client_id: made.body.client, login_hint: name }));
      expect(await page.inputValue('#identifier')).to.equal(name);
      await page.fill('#identifier', email);
      await page.click(submit);
      await page.fill('#current', password);
      await page.click(submit);
      expect(await heading(page)).to.contain(name);
      expect(violations).to.deep.equal([]);
      await context.close();
    }
    await annal.call('PATCH', '/api/v1/tenants/default', { body: { name: 'Default' }, token: admin });
  });
};

if (bringsChromium) describe('the pages in a browser', pages);
