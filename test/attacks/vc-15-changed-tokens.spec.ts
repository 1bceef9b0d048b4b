import { expect } from 'chai';
import { Annal, password } from '../support/annal.js';
import { each, flipped, full, truncated } from '../support/attacking.js';
import { api, newPerson, type Person, root, signIn, type Tokens, unproved } from '../support/people.js';

/** Somebody changes what they were given to keep. */
describe('attacks with changed tokens and cursors', () => {
  let annal: Annal;
  let person: Person;
  let admin: Tokens;

  before(async () => {
    annal = await Annal.start();
    person = await newPerson(annal);
    const administrator = await newPerson(annal);
    await annal.call('POST', `/api/v1/tenants/default/users/${administrator.user}/appoint-administrator`, {
      token: await root(annal),
    });
    admin = administrator;
  });
  after(() => annal.stop());

  it('VC-15: flows, device tokens and cursors are changed in a bit, cut and extended; none counts, and nothing breaks', async () => {
    const forged = (text: string) =>
      [
        ...flipped(text, full ? 'all' : 'one'),
        ...truncated(text).filter((_, index) => full || index % 4 === 0),
        `${text}A`,
        `${text}.`,
        text.toUpperCase(),
        'null',
        '{}',
        "' or 1=1--",
        '../..',
        'v1.',
      ].filter((value) => value !== text);
    await unproved(annal, 'waiting@example.com');
    const { flow = '' } = (await signIn(annal, 'waiting@example.com')).body;
    const { code } = await annal.mail('waiting@example.com', 'verify-email');
    const flows = await each(forged(flow), (value) =>
      annal.call('POST', `${api}/sign-in/continue`, { body: { flow: value, code } }),
    );
    expect(flows.filter(({ status }) => status !== 400)).to.deep.equal([]);
    expect((await annal.call('POST', `${api}/sign-in/continue`, { body: { flow, code } })).status).to.equal(200);

    const { deviceToken = '' } = (await signIn(annal, person.email)).body;
    await each(Array.from({ length: 10 }), () => signIn(annal, person.email, 'this is not it, is it now'));
    const devices = await each(forged(deviceToken), (value) =>
      signIn(annal, person.email, password, api, { deviceToken: value }),
    );
    expect(devices.filter(({ status }) => ![400, 429].includes(status))).to.deep.equal([]);

    const token = admin.accessToken;
    const position = await annal.head();
    for (const list of ['users', 'login-history', 'audit']) {
      const path = `${api}/${list}?limit=1`;
      const { body } = await annal.call<{ next: string }>('GET', path, {
        token,
        headers: { 'annal-min-position': position },
      });
      const cursor = new URL(body.next).searchParams.get('cursor') ?? '';
      const get = (value: string, more = '') =>
        annal.call('GET', `${path}${more}&cursor=${encodeURIComponent(value)}`, { token });
      const pages = await each(list === 'users' || full ? forged(cursor) : forged(cursor).slice(-40), (value) =>
        get(value),
      );
      expect(pages.filter(({ status }) => status !== 400)).to.deep.equal([]);
      expect((await get(cursor)).status).to.equal(200);
      const narrowed =
        { users: '&status=active', 'login-history': '&outcome=failed', audit: '&type=user.registered' }[list] ?? '';
      expect((await get(cursor, narrowed)).status).to.equal(400);
    }
  });
});
