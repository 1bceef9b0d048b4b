import { expect } from 'chai';
import { notificationKinds } from '../../src/application/notifications/kinds.js';
import { Annal, password } from '../support/annal.js';
import { expectModelsAsRebuilt } from '../support/invariants.js';
import { api, newEmail, newPerson, newTenant, root, signedIn } from '../support/people.js';

type Item = Readonly<{ kind: string; locale: string; origin: string; wordsOf: string; revision: number }>;
type Parts = Readonly<Record<'subject' | 'text' | 'html' | 'short', string | undefined>>;
type View = Item & Readonly<{ parts: Parts; variables: Readonly<Record<string, string>> }>;
type Problem = Readonly<{
  code: string;
  errors?: readonly Readonly<{ pointer: string; code: string; message: string }>[];
}>;

const own = {
  subject: 'Hi from {{ service }}',
  text: 'Open {{ link }}',
  html: '<p>Hi {{ name | default: "you" }}: {{ link }}</p>',
};

describe('notification templates over HTTP', () => {
  let annal: Annal;
  let token: string;
  before(async () => {
    annal = await Annal.start();
    token = await root(annal);
  });
  after(() => annal.stop());

  let tenants = 0;
  /** A tenant of its own, as its installation administrator reaches it. */
  async function tenant() {
    const made = await newTenant(annal, `templates-${++tenants}`);
    const base = `${made.admin}/notification-templates`;
    const call = <T>(method: string, under: string, body?: unknown, ifMatch?: string) =>
      annal.call<T>(method, base + under, {
        token,
        ...(body !== undefined && { body }),
        ...(ifMatch !== undefined && { headers: { 'if-match': ifMatch } }),
      });
    return { ...made, call };
  }

  const pointers = ({ errors = [] }: Problem) => errors.map(({ pointer, code }) => `${pointer} ${code}`);

  it('lists every kind in every supported language, with whose words they are', async () => {
    const { admin, call } = await tenant();
    await annal.call('PUT', `${admin}/settings`, {
      token,
      body: { overrides: { locales: { default: 'de', supported: ['de', 'fr', 'en-GB'] } } },
    });
    const { status, body } = await call<{ items: readonly Item[] }>('GET', '');
    expect(status).to.equal(200);
    expect(body.items).to.have.length(3 * notificationKinds.length);
    expect(body.items.filter(({ kind }) => kind === 'invitation')).to.deep.equal([
      { kind: 'invitation', locale: 'de', origin: 'default', wordsOf: 'de', revision: 0 },
      { kind: 'invitation', locale: 'fr', origin: 'default', wordsOf: 'de', revision: 0 },
      { kind: 'invitation', locale: 'en-GB', origin: 'default', wordsOf: 'en', revision: 0 },
    ]);
  });

  it('replaces the words, sends them, and puts the default back', async () => {
    const { base, call } = await tenant();
    const before = await call<View>('GET', '/verify-email/en');
    expect([before.body.origin, before.headers.get('etag')]).to.deep.equal(['default', '"0"']);
    expect(before.body.variables).to.include({ service: 'Example', code: '123456', linkValidity: '24 hours' });

    const put = await call<View>('PUT', '/verify-email/EN', { parts: own });
    expect([put.status, put.body.origin, put.body.locale]).to.deep.equal([200, 'tenant', 'en']);
    expect(put.body.parts).to.deep.equal(own);
    expect((await call<View>('GET', '/verify-email/en')).headers.get('etag')).to.equal(put.headers.get('etag'));
    const email = newEmail();
    await annal.call('POST', `${base}/registrations`, { body: { email, password } });
    expect((await annal.mail(email, 'verify-email')).subject).to.equal(`Hi from ${base.split('/')[2] ?? ''}`);

    expect((await call('DELETE', '/verify-email/en')).status).to.equal(204);
    expect((await call<View>('GET', '/verify-email/en')).body).to.deep.equal(before.body);
    expect((await call('DELETE', '/verify-email/en')).status).to.equal(204);
  });

  it('points at every part that cannot work, and stores none', async () => {
    const { call } = await tenant();
    const refused = async (under: string, parts: unknown): Promise<readonly string[]> => {
      const answers = [
        await call<Problem>('PUT', under, { parts }),
        await call<Problem>('POST', `${under}/preview`, { parts }),
      ];
      for (const { status, body } of answers) expect([status, body.code], under).to.deep.equal([422, 'invalid-fields']);
      const [put = [], preview = []] = answers.map(({ body }) => pointers(body));
      expect(put).to.deep.equal(preview);
      return put;
    };
    expect(await refused('/verify-email/en', {})).to.deep.equal([
      '/parts/subject template-missing',
      '/parts/text template-missing',
      '/parts/html template-missing',
    ]);
    expect(
      await refused('/verify-email/en', {
        ...own,
        short: 'x',
        text: '{{ oops }}',
        html: '{% include "/etc/passwd" %}',
      }),
    ).to.deep.equal(['/parts/short template-not-used', '/parts/text template-invalid', '/parts/html template-invalid']);
    expect(await refused('/verify-phone/de', { short: '{{ code | upcase' })).to.deep.equal([
      '/parts/short template-invalid',
    ]);
    expect(await refused('/verify-phone/de', { short: 'x'.repeat(601) })).to.deep.equal([
      '/parts/short template-invalid',
    ]);
    expect(await refused('/verify-phone/de', { short: 7 })).to.deep.equal(['/parts/short max-length']);
    expect((await call<Problem>('PUT', '/verify-phone/de', {})).body).to.include({ code: 'invalid-fields' });
    const unknown = await call<Problem>('PUT', '/verify-email/en', { parts: { ...own, body: 'x' } });
    expect([unknown.status, pointers(unknown.body)]).to.deep.equal([400, ['/parts/body unknown']]);
    const { body } = await call<{ items: readonly Item[] }>('GET', '');
    expect(body.items.filter(({ origin }) => origin === 'tenant')).to.deep.equal([]);
  });

  it('shows a sample without storing it, with values escaped', async () => {
    const { call } = await tenant();
    const parts = {
      subject: '{{ service }}',
      text: '{{ identifier }}',
      html: '<b>{{ name }}</b>',
      short: '{{ removed }}',
    };
    const shown = await call<Parts>('POST', '/identifier-changed/en/preview', { parts });
    expect(shown.body).to.include({ subject: 'Example', text: 'email\n', short: 'false' });
    expect(shown.body.html)
      .to.match(/^<!doctype html>/)
      .and.to.contain('<b>Ada Lovelace</b>');
    const inForce = await call<Parts>('POST', '/identifier-changed/de/preview', {});
    expect(inForce.body.subject).to.equal('Ihre E-Mail-Adresse bei Example wurde geändert');
    expect((await call<View>('GET', '/identifier-changed/en')).body.origin).to.equal('default');
  });

  it('changes only what the caller has seen, where it says so', async () => {
    const { call } = await tenant();
    const put = (ifMatch?: string) =>
      call<Problem>('PUT', '/invitation/en', { parts: { ...own, short: 'x' } }, ifMatch);
    const first = await put('"0"');
    expect(first.status).to.equal(200);
    const seen = first.headers.get('etag') as string;
    expect((await put('"0"')).body.code).to.equal('revision-mismatch');
    const second = await put(seen);
    expect(second.status).to.equal(200);
    expect([(await put(seen)).status, (await call('DELETE', '/invitation/en', undefined, seen)).status]).to.deep.equal([
      412, 412,
    ]);

    const now = second.headers.get('etag') as string;
    expect((await call('DELETE', '/invitation/en', undefined, now)).status).to.equal(204);
    expect((await call('DELETE', '/invitation/en', undefined, '"0"')).status).to.equal(204);
    expect((await put(now)).status).to.equal(412);
    const anew = await put();
    expect([seen, now, '"0"']).not.to.include(anew.headers.get('etag'));
    const racers = await Promise.all([1, 2, 3, 4].map(() => put(anew.headers.get('etag') as string)));
    expect(racers.filter(({ status }) => status === 200)).to.have.length(1);
  });

  it('are facts of the log: the audit trail says who changed them, and their rows are made again from it', async () => {
    const { admin, call } = await tenant();
    const put = await call('PUT', '/verify-email/en', { parts: own });
    const removed = await call('DELETE', '/verify-email/en');
    await call('PUT', '/verify-email/en', { parts: { ...own, subject: 'Again' } });
    for (const answer of [put, removed]) expect(answer.headers.get('annal-position')).to.be.a('string');

    const { body } = await annal.fresh<{ items: readonly Readonly<{ type: string; actor: string }>[] }>(
      `${admin}/audit`,
      token,
    );
    const { user } = await signedIn(annal, annal.administrator.email, password, '/t/system/api/v1');
    const trail = body.items.filter(({ type }) => type.startsWith('notification-template.'));
    expect(trail.map(({ type, actor }) => [type, actor])).to.deep.equal([
      ['notification-template.changed', user],
      ['notification-template.removed', user],
      ['notification-template.changed', user],
    ]);
    await expectModelsAsRebuilt(annal.container);
  });

  it('knows neither other kinds nor languages that the tenant does not support', async () => {
    const { call } = await tenant();
    const codes = await Promise.all(
      [
        '/nonsense/en',
        '/constructor/en',
        '/verify-email/fr',
        '/verify-email/no%20locale',
        '/verify-email/de-AT',
      ].flatMap((under) => [
        call<Problem>('GET', under),
        call<Problem>('PUT', under, { parts: own }),
        call<Problem>('DELETE', under),
        call<Problem>('POST', `${under}/preview`, {}),
      ]),
    );
    expect(codes.map(({ status }) => status)).to.deep.equal(codes.map(() => 404));
    expect([...new Set(codes.map(({ body }) => body.code))]).to.deep.equal([
      'no-such-notification',
      'locale-not-supported',
    ]);
  });

  it('belongs to administrators, and to one tenant', async () => {
    const { call } = await tenant();
    await call('PUT', '/verify-email/en', { parts: own });
    const { accessToken } = await newPerson(annal);
    for (const [method, under, body] of [
      ['GET', '', undefined],
      ['GET', '/verify-email/en', undefined],
      ['PUT', '/verify-email/en', { parts: own }],
      ['DELETE', '/verify-email/en', undefined],
      ['POST', '/verify-email/en/preview', {}],
    ] as const) {
      const sent = body === undefined ? {} : { body };
      const path = `${api}/notification-templates${under}`;
      expect((await annal.call(method, path, { ...sent, token: accessToken })).status, method + under).to.equal(403);
      expect((await annal.call(method, path, sent)).status).to.equal(401);
    }
    const other = await (await tenant()).call<View>('GET', '/verify-email/en');
    expect(other.body.origin).to.equal('default');
  });
});
