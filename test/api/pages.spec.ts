import { expect } from 'chai';
import { FirstStart } from '../../src/application/first-start.js';
import { Annal, password } from '../support/annal.js';
import { api, newEmail, newPerson, root, signIn } from '../support/people.js';
import { type ShownPage, Visitor } from '../support/visitor.js';

const pages = '/t/default';
const chosen = 'quite another horse staple';
const twice = { password: chosen, repeated: chosen };
const day = 86_400;
let phones = 0;

describe('the pages that links of messages lead to', () => {
  let annal: Annal;
  let visitor: Visitor;
  before(async () => {
    annal = await Annal.start();
    visitor = new Visitor(annal);
  });
  after(() => annal.stop());

  const expectPage = ({ status, heading, title }: ShownPage, wanted: number, words: RegExp): void => {
    expect([status, heading], title).to.satisfy(() => status === wanted && words.test(heading));
  };

  async function registered(): Promise<Readonly<{ email: string; token: string; code: string }>> {
    const email = newEmail();
    await annal.call('POST', `${api}/registrations`, { body: { email, password } });
    return { email, ...(await annal.mail(email, 'verify-email')) };
  }

  /** Of the message that follows the one with `token`. */
  async function tokenAfter(token: string, email: string): Promise<string> {
    for (let looks = 0; looks < 500; looks++) {
      const newest = await annal.mail(email, 'verify-email');
      if (newest.token !== token) return newest.token;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error('no newer message came');
  }

  async function forgetful(): Promise<Readonly<{ email: string; token: string; code: string }>> {
    const { email } = await newPerson(annal);
    expectPage(
      await visitor.press(await visitor.open(`${pages}/reset-password`), { identifier: email }),
      200,
      /^Check your messages$/,
    );
    return { email, ...(await annal.mail(email, 'reset-password')) };
  }

  describe('confirming an address', () => {
    it('shows the address, and only its button confirms: programs that follow links change nothing', async () => {
      const { email, token } = await registered();
      const link = `${pages}/verify-email?token=${token}&utm_source=mail`;
      expect((await visitor.open(link, 'HEAD')).status).to.equal(200);
      await visitor.open(link);
      expect((await signIn(annal, email)).status).to.equal(401);

      const page = await visitor.open(link);
      expect(page.html).to.contain(email).and.to.contain('<html lang="en">');
      const done = await visitor.press(page);
      expectPage(done, 200, /is confirmed$/);
      expect(done.path).to.equal(`${pages}/verify-email/confirmed`);
      expect((await signIn(annal, email)).body.status).to.equal('signed-in');
    });

    it('says of a link that is wrong, used or expired what to do next', async () => {
      const { token } = await registered();
      const page = await visitor.open(`${pages}/verify-email?token=${token}`);
      await visitor.press(page);
      const late = await registered();
      const open = await visitor.open(`${pages}/verify-email?token=${late.token}`);
      annal.clock.advance(day + 1);
      const dead = await Promise.all([
        visitor.open(`${pages}/verify-email?token=wrong`),
        visitor.open(`${pages}/verify-email?token=${token}`),
        visitor.open(`${pages}/verify-email?token=${late.token}`),
        visitor.open(`${pages}/verify-phone?token=${late.token}`),
        visitor.press(open),
        visitor.send(`${pages}/verify-email`, { token }),
      ]);
      for (const answer of dead) {
        expectPage(answer, 400, /no longer works/);
        expect(answer.html).to.match(/href="\/t\/default\/verify-(email|phone)\/message"/);
      }
    });

    it('takes a double click for one', async () => {
      const { email, token } = await registered();
      const page = await visitor.open(`${pages}/verify-email?token=${token}`);
      const answers = await Promise.all([visitor.press(page), visitor.press(page)]);
      for (const answer of answers) expectPage(answer, 200, /is confirmed$/);
      expect((await signIn(annal, email)).body.status).to.equal('signed-in');
    });

    it('takes a code, however it is typed, and keeps the address when it is wrong', async () => {
      const { email, code } = await registered();
      const page = await visitor.open(`${pages}/verify-email`);
      const wrong = code === '000000' ? '000001' : '000000';
      const again = await visitor.press(page, { email, code: wrong });
      expect([again.status, again.title]).to.deep.equal([400, `Error: ${page.heading} · Default`]);
      expect(again.html)
        .to.contain(`value="${email}"`)
        .and.to.match(/id="code"[^>]* aria-invalid="true" autofocus\/?>/);
      expectPage(
        await visitor.press(again, { email, code: `${code.slice(0, 3)} ${code.slice(3)}` }),
        200,
        /is confirmed$/,
      );
    });

    it('answers the same for addresses that nobody has, and points at what is no address', async () => {
      const unknown = await visitor.press(await visitor.open(`${pages}/verify-email`), {
        email: 'nobody@example.com',
        code: '1',
      });
      expectPage(unknown, 400, /^Confirm/);
      const noAddress = await visitor.press(unknown, { email: 'nonsense', code: '1' });
      expect(noAddress.status).to.equal(422);
      expect(noAddress.html).to.contain('<p class="error" id="email-error">Enter an e-mail address such as');
    });

    it('sends another message', async () => {
      const { email, token } = await registered();
      const sent = await visitor.press(await visitor.open(`${pages}/verify-email/message`), { email });
      expectPage(sent, 200, /on its way$/);
      const unknown = await visitor.press(await visitor.open(`${pages}/verify-email/message`), {
        email: 'no@example.com',
      });
      expect(unknown.html.replace(/value="[^"]*"/g, '')).to.equal(sent.html.replace(/value="[^"]*"/g, ''));

      const newer = await tokenAfter(token, email);
      expectPage(await visitor.press(await visitor.open(`${pages}/verify-email?token=${newer}`)), 200, /is confirmed$/);
    });

    it('leaves a newer address alone when an old form is sent once more', async () => {
      const { email, accessToken } = await newPerson(annal);
      const change = async (value: string): Promise<ShownPage> => {
        await annal.call('PUT', `${api}/me/email`, { body: { value, currentPassword: password }, token: accessToken });
        return visitor.open(`${pages}/verify-email?token=${(await annal.mail(value, 'verify-email')).token}`);
      };
      const [second, third] = [newEmail(), newEmail()];
      const old = await change(second);
      expect(old.html).to.contain(second).and.not.to.contain(email);
      expectPage(await visitor.press(old), 200, /is confirmed$/);
      expectPage(await visitor.press(await change(third)), 200, /is confirmed$/);
      await visitor.press(old);
      expect((await signIn(annal, third)).body.status).to.equal('signed-in');
      expect((await signIn(annal, second)).status).to.equal(401);
    });

    it('says neither that enough messages were sent nor to whom', async () => {
      const email = newEmail();
      const page = await visitor.open(`${pages}/verify-email/message`);
      let answer = page;
      for (let sent = 0; sent < 6; sent++) answer = await visitor.send(`${pages}/verify-email/message`, { email });
      expectPage(answer, 200, /is on its way$/);
      expect(answer.path).to.equal(`${pages}/verify-email/sent`);
    });

    it('confirms phone numbers', async () => {
      const phone = `+493012345${++phones}7`;
      await annal.call('POST', `${api}/registrations`, { body: { email: newEmail(), phone, password } });
      const { token } = await annal.mail(phone, 'verify-phone');
      const page = await visitor.open(`${pages}/verify-phone?token=${token}`);
      expect(page.html).to.contain(phone);
      expectPage(await visitor.press(page), 200, /^Your phone number is confirmed$/);
    });
  });

  describe('resetting a password', () => {
    it('asks for a new one, for the account it names', async () => {
      const { email, token } = await forgetful();
      const page = await visitor.open(`${pages}/reset-password?token=${token}`);
      expect(page.html).to.match(new RegExp(`value="${email}" autocomplete="username" readonly`));
      expectPage(await visitor.press(page, twice), 200, /was changed$/);
      expect((await signIn(annal, email)).status).to.equal(401);
      expect((await signIn(annal, email, chosen)).body.status).to.equal('signed-in');
      expectPage(await visitor.press(page, { password, repeated: password }), 400, /no longer works/);
      expect((await signIn(annal, email, chosen)).body.status).to.equal('signed-in');
    });

    it('refuses weak and unequal passwords beside the field, in the language of the reader, and spends no link on them', async () => {
      const { email, token } = await forgetful();
      const german = new Visitor(annal, 'de-AT,de;q=0.8,en;q=0.5');
      const page = await german.open(`${pages}/reset-password?token=${token}`);
      const weak = await german.press(page, { password: 'abc', repeated: 'abc' });
      expect([weak.status, weak.title]).to.deep.equal([422, 'Fehler: Neues Passwort wählen · Default']);
      expect(weak.html).to.contain('<p class="error" id="password-error">Verwenden Sie mindestens 15 Zeichen.');
      expect(weak.html).not.to.contain('value="abc"');
      const unequal = await german.press(weak, { password: chosen, repeated: password });
      expect(unequal.status).to.equal(422);
      expect(unequal.html)
        .to.contain('id="repeated-error">Die beiden Passwörter sind nicht gleich.')
        .and.not.to.contain(chosen);
      expectPage(await german.press(unequal, twice), 200, /^Ihr Passwort wurde geändert$/);
      expect((await signIn(annal, email, chosen)).body.status).to.equal('signed-in');
    });

    it('takes the code of the message', async () => {
      const { email, code } = await forgetful();
      const page = await visitor.open(`${pages}/reset-password/code`);
      const wrong = await visitor.press(page, {
        identifier: email,
        code: code === '000000' ? '000001' : '000000',
        ...twice,
      });
      expect(wrong.status).to.equal(400);
      expect(wrong.html).to.contain(`value="${email}"`).and.not.to.contain(chosen);
      expectPage(await visitor.press(wrong, { identifier: email, code, ...twice }), 200, /was changed$/);
      expect((await signIn(annal, email, chosen)).body.status).to.equal('signed-in');
    });

    it('tells nobody whether there is an account', async () => {
      const { email } = await newPerson(annal);
      const plain = ({ html }: ShownPage) => html.replace(/value="[^"]*"/g, '');
      const ask = async (identifier: string) =>
        visitor.press(await visitor.open(`${pages}/reset-password`), { identifier });
      const try1 = async (identifier: string) =>
        visitor.press(await visitor.open(`${pages}/reset-password/code`), { identifier, code: '000000', ...twice });
      expect(plain(await ask('nobody@example.com'))).to.equal(plain(await ask(email)));
      const [known, unknown] = [await try1(email), await try1('nobody@example.com')];
      expect([unknown.status, plain(unknown)]).to.deep.equal([known.status, plain(known)]);
    });

    it('offers a new link in place of one that is used or expired', async () => {
      const { token } = await forgetful();
      annal.clock.advance(3_601);
      const page = await visitor.open(`${pages}/reset-password?token=${token}`);
      expectPage(page, 400, /no longer works/);
      expect(page.html).to.contain(`href="${pages}/reset-password/message"`);
      expectPage(await visitor.send(`${pages}/reset-password`, { token, ...twice }), 400, /no longer works/);
    });

    it('takes a double click for one', async () => {
      const { email, token } = await forgetful();
      const page = await visitor.open(`${pages}/reset-password?token=${token}`);
      const answers = await Promise.all([visitor.press(page, twice), visitor.press(page, twice)]);
      for (const answer of answers) expectPage(answer, 200, /was changed$/);
      expect((await signIn(annal, email, chosen)).body.status).to.equal('signed-in');
    });
  });

  it('lets people accept an invitation once', async () => {
    const email = newEmail();
    await annal.call('POST', '/api/v1/tenants/default/users', { body: { email }, token: await root(annal) });
    const { token } = await annal.mail(email, 'invitation');
    const link = `${pages}/accept-invitation?token=${token}`;
    await visitor.open(link, 'HEAD');
    const page = await visitor.open(link);
    expect(page.html).to.contain(email);
    const weak = await visitor.press(page, { password: email, repeated: email });
    expect(weak.html).to.contain('Leave out your name');
    expectPage(await visitor.press(weak, twice), 200, /^Welcome$/);
    expect((await signIn(annal, email, chosen)).body.status).to.equal('signed-in');
    expectPage(await visitor.open(link), 400, /no longer works/);
    expectPage(await visitor.open(`${pages}/accept-invitation`), 400, /no longer works/);
    expectPage(await visitor.press(weak, { password, repeated: password }), 400, /no longer works/);
  });

  it('lets the first administrator be made where the first start says, and nowhere else', async () => {
    const fresh = await Annal.start({ roles: ['api'], administrator: false });
    try {
      await setUp(fresh);
    } finally {
      await fresh.stop();
    }
    const late = new URL(await annal.container.get(FirstStart).setupLink());
    expectPage(await visitor.open(late.pathname + late.search), 400, /no longer works/);
  });

  async function setUp(fresh: Annal): Promise<void> {
    const visitor = new Visitor(fresh);
    const link = new URL(fresh.setupLink ?? '');
    expectPage(await visitor.open(`${pages}/setup${link.search}`), 404, /nothing here/);
    const page = await visitor.open(link.pathname + link.search);
    const wrong = await visitor.press(page, { email: 'nonsense', ...twice });
    expect(wrong.status).to.equal(422);
    expect(wrong.html).to.contain('id="email-error"').and.to.contain('value="nonsense"');
    const email = newEmail();
    const sent = await Promise.all([1, 2].map(() => visitor.press(wrong, { email, ...twice })));
    for (const answer of sent) expectPage(answer, 200, /is ready$/);
    const [done] = sent;
    expect(done?.html).to.contain('/t/system/api/v1/sign-in').and.not.to.contain(email);
    expect((await signIn(fresh, email, chosen, '/t/system/api/v1')).body.status).to.equal('signed-in');
    expectPage(await visitor.open(link.pathname + link.search), 400, /no longer works/);
    expectPage(await visitor.press(wrong, { email: newEmail(), ...twice }), 400, /no longer works/);
  }
});
