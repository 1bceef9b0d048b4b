import { expect } from 'chai';
import { routes } from '../../../src/api/routes.js';
import { Annal, password } from '../../support/annal.js';
import { api, newEmail, newPerson, root, signIn } from '../../support/people.js';
import { type ShownPage, Visitor } from '../../support/visitor.js';

const pages = '/t/default';
const chosen = 'quite another horse staple';

/** What breaks out of text, of attributes, of comments and of scripts; none of it may arrive as markup. */
const markupAttacks = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onfocus=alert(1) autofocus x='",
  '</title><svg onload=alert(1)>',
  '</textarea><iframe src=javascript:alert(1)>',
  '<!--><script>alert(1)//-->',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  'javascript:alert(1)//',
  '<a href="javascript:alert(1)">x</a>',
  '${alert(1)}{{7*7}}<%= 7*7 %>',
  '\u2028<b>\u2029',
];

/** Tags that our pages never have, and attributes that run or load something. */
const foreign =
  /^<(script|img|iframe|textarea|b|object|embed|base|style)\b|\s(on[a-z]+|style|srcdoc)=|\s(href|src|action)="(?!\/|#)/i;

/** The one script of ours, from its own address. */
const ownScript = /^<script src="\/pages\/script\.js\?v=[0-9a-f]+" defer>$/;

/** The tags as a browser sees them; what stands in quotes belongs to an attribute. */
const foreignTags = (html: string): readonly string[] =>
  (html.match(/<(?:"[^"]*"|[^">])*>/g) ?? []).filter(
    (tag) => !ownScript.test(tag) && foreign.test(tag.replace(/(\svalue|\scontent)="[^"]*"/g, '$1=""')),
  );

describe('attacks on the pages', () => {
  let annal: Annal;
  let visitor: Visitor;
  before(async () => {
    annal = await Annal.start();
    visitor = new Visitor(annal);
  });
  after(() => annal.stop());

  async function verificationToken(): Promise<Readonly<{ email: string; token: string }>> {
    const email = newEmail();
    await annal.call('POST', `${api}/registrations`, { body: { email, password } });
    return { email, token: (await annal.mail(email, 'verify-email')).token };
  }

  const everyPage = [
    '',
    '/verify-email',
    '/verify-email/code',
    '/verify-email/message',
    '/verify-email/sent',
    '/verify-email/confirmed',
  ]
    .concat([
      '/verify-phone',
      '/verify-phone/sent',
      '/reset-password',
      '/reset-password/message',
      '/reset-password/sent',
    ])
    .concat([
      '/reset-password/code',
      '/reset-password/changed',
      '/accept-invitation',
      '/accept-invitation/accepted',
      '/sign-in',
      '/register',
    ]);

  it('another site’s page sends our form for its visitor; it is refused, and the link is still good', async () => {
    const { email, token } = await verificationToken();
    const senders: readonly Readonly<Record<string, string>>[] = [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-site', origin: 'http://app.localhost:4000' },
      { 'sec-fetch-site': 'cross-site', origin: 'null' },
      { 'sec-fetch-site': 'nonsense' },
      { origin: 'https://evil.example' },
      { origin: 'http://localhost:4000.evil.example' },
      { origin: 'null' },
    ];
    for (const sender of senders) {
      const answer = await visitor.send(`${pages}/verify-email`, { token }, sender);
      expect([answer.status, answer.heading], JSON.stringify(sender)).to.deep.equal([403, 'Please use our own form']);
    }
    expect((await signIn(annal, email)).status).to.equal(401);
    const own = await visitor.send(`${pages}/verify-email`, { token }, { origin: 'http://localhost:4000' });
    expect(own.status).to.equal(200);
    expect((await signIn(annal, email)).body.status).to.equal('signed-in');
  });

  it('somebody adds a form and forgets the check of its origin; the table of routes says so', () => {
    const forms = routes.filter(({ method, body, undocumented }) => method !== 'get' && undocumented && body);
    expect(forms.length).to.be.greaterThan(8);
    expect(forms.filter(({ sameOrigin }) => sameOrigin !== true).map(({ id }) => id)).to.deep.equal([]);
  });

  it('an attacker puts markup into a link, a field or a name; it arrives as text', async () => {
    const token = await root(annal);
    for (const attack of markupAttacks) {
      const code = await visitor.open(`${pages}/reset-password/code`);
      const { hidden = {} } = (await visitor.open(`${pages}/verify-email`)).form ?? {};
      const reflected: ShownPage[] = [
        await visitor.open(`${pages}/reset-password?token=${encodeURIComponent(attack)}`),
        await visitor.open(`${pages}/verify-email?token=${encodeURIComponent(attack)}&x=${encodeURIComponent(attack)}`),
        await visitor.press(code, { identifier: attack, code: attack, password: attack, repeated: attack }),
        await visitor.send(`${pages}/verify-email/code`, { ...hidden, email: attack, code: attack }),
        await visitor.send(`${pages}/verify-phone/message`, { phone: attack }),
        await visitor.open(`/t/${encodeURIComponent(attack)}/verify-email`),
      ];
      for (const page of reflected) {
        expect(page.status, attack).to.be.within(400, 429);
        expect(foreignTags(page.html)).to.deep.equal([]);
      }
    }
    const { token: good } = await verificationToken();
    for (const attack of markupAttacks) {
      const name = attack.slice(0, 100);
      const renamed = await annal.call('PATCH', '/api/v1/tenants/default', { body: { name }, token });
      // A name of several lines, or one that turns its direction, is none.
      const isOneLine = !/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u.test(name);
      expect(renamed.status, renamed.text).to.equal(isOneLine ? 204 : 422);
      if (!isOneLine) continue;
      for (const path of ['', `/verify-email?token=${good}`, '/reset-password/sent']) {
        const page = await visitor.open(pages + path);
        expect([page.status, page.title.endsWith(name) || path === ''], attack).to.deep.equal([200, true]);
        expect(foreignTags(page.html)).to.deep.equal([]);
      }
    }
    await annal.call('PATCH', '/api/v1/tenants/default', { body: { name: 'Default' }, token });
  });

  it('an attacker frames a page, injects a style, or waits for the address in the next request; the header fields forbid it', async () => {
    for (const path of everyPage) {
      const page = await visitor.open(pages + path);
      const policy = page.headers.get('content-security-policy') ?? '';
      expect(policy, path).to.contain("default-src 'none'").and.to.contain("frame-ancestors 'none'");
      expect(policy).to.contain("form-action 'self'").and.to.contain("style-src 'self'").and.not.to.contain('unsafe');
      expect(Object.fromEntries(page.headers)).to.include({
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-language': 'en',
      });
      expect(foreignTags(page.html)).to.deep.equal([]);
      for (const [, path] of page.html.matchAll(/<link [^>]*href="([^"]+)"/g)) {
        expect((await visitor.open(path ?? '')).status).to.equal(200);
      }
    }
  });

  it('somebody reads the log for secrets; there is none', async () => {
    const { email } = await newPerson(annal);
    const verification = await verificationToken();
    await visitor.press(await visitor.open(`${pages}/verify-email?token=${verification.token}`));
    await visitor.open(`${pages}/verify-email?token=${verification.token}`);
    await visitor.press(await visitor.open(`${pages}/reset-password`), { identifier: email });
    const reset = await annal.mail(email, 'reset-password');
    const page = await visitor.open(`${pages}/reset-password?token=${reset.token}`);
    await visitor.press(page, { password: 'too short', repeated: 'too short' });
    await visitor.press(page, { password: chosen, repeated: chosen });
    await visitor.open(`${pages}/nothing?token=${reset.token}`);
    await visitor.open(`/t/nosuch/reset-password?token=${reset.token}`);

    const lines = annal.log.lines.map(
      ({ event, fields, error }) => `${event} ${JSON.stringify(fields)} ${String(error)}`,
    );
    expect(lines.join('\n')).to.contain('"route":"verifyEmailByLink"').and.to.contain('"route":"resetPasswordPage"');
    for (const secret of [
      verification.token,
      reset.token,
      reset.code,
      chosen,
      'too short',
      email,
      verification.email,
      'token=',
    ]) {
      expect(
        lines.filter((line) => line.includes(secret)),
        secret,
      ).to.deep.equal([]);
    }
  });
});
