import { expect } from 'chai';
import { Annal, password } from '../../support/annal.js';
import { Browser, overTls, type Page } from '../../support/browser.js';
import { admitted, newEmail, root, signIn as signInByApi } from '../../support/people.js';

const session = '__Secure-annal-session';
const renewed = 'quite another horse staple';
const pages = '/t/default/account';

describe('the pages of one’s own account', () => {
  let annal: Annal;
  before(async () => {
    annal = await Annal.start({ foundation: overTls });
  });
  after(() => annal.stop());

  type Owner = Readonly<{ browser: Browser; email: string; home: Page }>;

  async function signIn(email: string, secret = password): Promise<Owner> {
    const browser = new Browser(annal);
    const who = await browser.press(await browser.open('/t/default/sign-in'), { identifier: email });
    return { browser, email, home: await browser.press(who, { current: secret }) };
  }
  const newOwner = async (): Promise<Owner> => signIn((await admitted(annal, await root(annal))).email);

  it('are where somebody lands who signs in without an application', async () => {
    const { browser, email, home } = await newOwner();
    expect([browser.heading(home), new URL(home.url).pathname]).to.deep.equal(['My account', pages]);
    expect(home.html).to.contain(email);
  });

  it('are shown to nobody who is not signed in, and their forms do nothing then', async () => {
    const { browser } = await newOwner();
    const typed = {
      profile: { firstName: 'Eve' },
      email: { email: newEmail(), current: password },
      password: { current: password, password: renewed, repeated: renewed },
      'sign-out': { where: 'everywhere' },
    };
    const forms = await Promise.all(
      Object.entries(typed).map(async ([page, fields]) => ({ form: await browser.open(`${pages}/${page}`), fields })),
    );
    const before = await annal.head();
    const stranger = new Browser(annal);
    for (const page of ['', '/profile', '/email', '/phone', '/password', '/sessions', '/history', '/sign-out'])
      expect(stranger.heading(await stranger.open(pages + page)), page).to.equal('Sign in');
    for (const { form, fields } of forms)
      expect(stranger.heading(await stranger.press(form, fields)), form.url).to.equal('Sign in');
    expect(await annal.head()).to.equal(before);
  });

  it('change the name, and remove it again', async () => {
    const { browser } = await newOwner();
    const form = await browser.open(`${pages}/profile`);
    await browser.press(form, { firstName: 'Ada', lastName: 'Lovelace' });
    const filled = await browser.open(`${pages}/profile`);
    expect(filled.html).to.contain('value="Ada"').and.to.contain('value="Lovelace"');
    await browser.press(filled, { firstName: '', lastName: 'Lovelace' });
    expect((await browser.open(`${pages}/profile`)).html).not.to.contain('value="Ada"');
  });

  it('change the address by password and by a code that only the new one gets', async () => {
    const { browser, email: old } = await newOwner();
    const email = newEmail();
    const form = await browser.open(`${pages}/email`);
    const wrong = await browser.press(form, { email, current: 'wrong' });
    expect([wrong.status, wrong.html.includes('id="current-error"')]).to.deep.equal([403, true]);
    const waiting = await browser.press(form, { email, current: password });
    expect(waiting.html).to.contain(email).and.to.contain(old);
    const refused = await browser.press(waiting, { code: '000000' }, '/email/code');
    expect(refused.status).to.equal(400);
    const { code } = await annal.mail(email, 'verify-email');
    const home = await browser.press(refused, { code }, '/email/code');
    expect(home.html).to.contain(email).and.not.to.contain(old);
  });

  it('VC-13: change the password; every other browser is outside at once, and the old cookie with it', async () => {
    const { browser, email } = await newOwner();
    const other = await signIn(email);
    const old = browser.cookie(session) ?? '';
    const form = await browser.open(`${pages}/password`);
    const wrong = await browser.press(form, { current: 'wrong', password: renewed, repeated: renewed });
    expect(wrong.status).to.equal(403);
    const home = await browser.press(wrong, { current: password, password: renewed, repeated: renewed });
    expect(browser.heading(home)).to.equal('My account');
    expect(browser.cookie(session)).not.to.equal(old);
    expect(other.browser.heading(await other.browser.open(pages))).to.equal('Sign in');
    const thief = new Browser(annal);
    const answer = await thief.open(pages, { headers: { cookie: `${session}=${old}` } });
    expect(thief.heading(answer)).to.equal('Sign in');
    expect((await signInByApi(annal, email, renewed)).body.status).to.equal('signed-in');
  });

  it('show where one is signed in, end one of it, and only what is one’s own', async () => {
    const { browser, email } = await newOwner();
    const other = await signIn(email);
    const list = await browser.open(`${pages}/sessions`);
    expect(list.html.match(/this browser/g)).to.have.length(1);
    const [, id = ''] = /name="session" value="([^"]*)"/.exec(list.html) ?? [];
    const stranger = await newOwner();
    const before = await annal.head();
    const foreign = await stranger.browser.open(`${pages}/sessions`);
    await stranger.browser.press(
      { ...foreign, html: `<form method="post" action="${pages}/sessions"></form>` },
      { session: id },
    );
    expect(await annal.head()).to.equal(before);
    const left = await browser.press(list, {}, '/sessions');
    expect(left.html).not.to.contain('name="session"');
    expect(other.browser.heading(await other.browser.open(pages))).to.equal('Sign in');
    expect(browser.heading(await browser.open(pages))).to.equal('My account');
  });

  it('show the sign-ins and the tries that failed', async () => {
    const { browser, email } = await newOwner();
    const guess = new Browser(annal);
    await guess.press(await guess.press(await guess.open('/t/default/sign-in'), { identifier: email }), {
      current: 'x',
    });
    const seen = await annal.fresh('/api/v1/tenants/default/login-history', await root(annal));
    expect(seen.status, seen.text).to.equal(200);
    const history = await browser.open(`${pages}/history`);
    expect(history.html).to.contain('Signed in').and.to.contain('Wrong password');
  });

  for (const where of ['here', 'everywhere']) {
    it(`VC-13: sign out ${where}; the cookie is gone and worth nothing`, async () => {
      const { browser, email } = await newOwner();
      const other = await signIn(email);
      const old = browser.cookie(session) ?? '';
      const outside = await browser.press(await browser.open(`${pages}/sign-out`), { where });
      expect([browser.heading(outside), browser.cookie(session)]).to.deep.equal(['Sign in', undefined]);
      const thief = new Browser(annal);
      const answer = await thief.open(pages, { headers: { cookie: `${session}=${old}` } });
      expect(thief.heading(answer)).to.equal('Sign in');
      const expected = where === 'here' ? 'My account' : 'Sign in';
      expect(other.browser.heading(await other.browser.open(pages))).to.equal(expected);
    });
  }
});
