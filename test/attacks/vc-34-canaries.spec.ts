import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Mount, mountsOf } from '../../src/api/server/mounting.js';
import { type AllServices, routes } from '../../src/api/routes.js';
import { FirstStart } from '../../src/application/first-start.js';
import {
  type Mail,
  MailTransport,
  type TextMessage,
  TextMessageTransport,
} from '../../src/application/ports/mail-transport.js';
import { type SpanEnd, Tracing } from '../../src/application/ports/tracing.js';
import { Sealed } from '../../src/domain/values.js';
import { LogEngine } from '../../src/infrastructure/event-log/log-engine.js';
import { PinoLog } from '../../src/infrastructure/pino-log.js';
import { projections } from '../../src/projections/projections.js';
import { tableName } from '../../src/projections/projection.js';
import { Annal, type Answer, type Sent } from '../support/annal.js';
import { each, eventsAfter, settle } from '../support/attacking.js';
import { caughtUp } from '../support/invariants.js';
import { api, root, type SignInBody, type Tokens } from '../support/people.js';
import { Canaries, type CanaryGroup } from './canaries.js';

/** Takes messages, and fails for some addresses as mail servers do: quoting them. */
class Postman extends MailTransport {
  readonly mails: Mail[] = [];

  async send(mail: Mail): Promise<void> {
    this.mails.push(mail);
    if (mail.to.includes('unreachable')) throw new Error(`450 4.2.1 <${mail.to}> is not there, says ${mail.text}`);
  }
}

class TelephoneExchange extends TextMessageTransport {
  readonly messages: TextMessage[] = [];

  async send(message: TextMessage): Promise<void> {
    this.messages.push(message);
  }
}

class RecordedTracing extends Tracing {
  readonly spans: unknown[] = [];

  async span<T>(name: string, _: object, work: () => Promise<T>, end: (result: T) => SpanEnd): Promise<T> {
    const result = await work();
    this.spans.push([name, end(result)]);
    return result;
  }
}

/** Typed by people about themselves; a page shows it again in the form that was refused. */
const ofPeople = new Set([
  'email',
  'phone',
  'username',
  'identifier',
  'value',
  'firstName',
  'lastName',
  'picture',
  'code',
]);

type Told = Readonly<{ request: string; answer: Answer<unknown> }>;

/** Who is told what, when all went well; whatever is not listed shows nothing of it. */
const meantToShow: readonly (readonly [request: RegExp, groups: readonly CanaryGroup[]])[] = [
  [/^(GET|PATCH) \/t\/default\/api\/v1\/me$/, ['person']],
  [/^PUT \/t\/default\/api\/v1\/me\/\w+$/, ['person']],
  [/^(GET|PATCH) \S+\/users\/[\w-]+$/, ['person']],
  [/^GET \S+\/users\?/, ['person']],
  [/^GET \S+\/(sessions|login-history)$/, ['origin']],
  [/^POST \/t\/default\/sign-in$/, ['person']],
  [/^POST \S+\/sign-in(\/continue)?$/, ['made', 'origin']],
  [/^POST \S+\/(tokens\/refresh|me\/password|clients|clients\/[\w-]+\/secret)$/, ['made']],
];

const pageForms = /^POST \/t\/default\/((verify-email|verify-phone|reset-password)\/(code|message)|sign-in|register)$/;

/** What tenants and clients are called, and what they say to people, everybody may read. */
const named = new Set(['name', 'slug', 'parts']);

const mounts: readonly Mount<AllServices>[] = routes.flatMap((route) => mountsOf(route));

/** Somebody gets hold of logs, traces, dumps, backups and error messages. */
describe('attacks on what is left lying about', () => {
  const canaries = new Canaries();
  const postman = new Postman();
  const exchange = new TelephoneExchange();
  const tracing = new RecordedTracing();
  const lines: string[] = [];
  const told: Told[] = [];
  const metricsToken = canaries.new('typed', 'the token of the metrics');
  const agent = canaries.new('origin', 'the agent', (unique) => `Agent${unique}/1.0`);
  const address = '203.0.113.177';
  let annal: Annal;

  const typed = (name: string): string => canaries.new('typed', name, (unique) => `secret ${unique} of somebody`);
  const personal = (name: string, make?: (unique: string) => string): string => canaries.new('person', name, make);
  const anEmail = (name: string): string => personal(name, (unique) => `${unique}@example.com`);

  async function ask<T = Record<string, unknown>>(method: string, path: string, sent: Sent = {}): Promise<Answer<T>> {
    const answer = await annal.call<T>(method, path, {
      ...sent,
      headers: {
        'user-agent': `Mozilla/5.0 ${agent}`,
        'x-forwarded-for': address,
        referer: `https://elsewhere.example/${agent}`,
        cookie: `${agent}=${agent}`,
        ...sent.headers,
      },
    });
    told.push({ request: `${method} ${path}`, answer });
    const { tokens = {}, ...own } = (answer.body ?? {}) as Record<string, unknown>;
    for (const body of [own, tokens] as Record<string, unknown>[]) {
      for (const name of ['accessToken', 'refreshToken', 'deviceToken', 'flow', 'secret']) {
        if (typeof body[name] === 'string' && answer.status < 300) canaries.add('made', `a ${name}`, body[name]);
      }
    }
    return answer;
  }

  async function done<T = Record<string, unknown>>(method: string, path: string, sent: Sent = {}): Promise<Answer<T>> {
    const answer = await ask<T>(method, path, sent);
    expect(answer.status, `${method} ${path}: ${answer.text}`).to.be.below(300);
    return answer;
  }

  /** The newest message to an address; its token is a secret. */
  async function mail(to: string, kind: string): Promise<Readonly<{ token: string; code: string }>> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = postman.mails.findLast((one) => one.to === to && one.kind === kind);
      if (found) {
        const token = found.link === undefined ? '' : (new URL(found.link).searchParams.get('token') ?? '');
        if (token !== '') canaries.add('made', `the token of ${kind}`, token);
        return { token, code: found.code ?? '' };
      }
      if (Date.now() > deadline) throw new Error(`no ${kind} to ${to}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** A life with every field that there is, in which everything is also done wrong. */
  async function live(): Promise<Readonly<{ token: string; admin: string; user: string }>> {
    const admin = await root(annal);
    const email = anEmail('an address');
    const username = personal('a user name', (unique) => `ada.${unique}`);
    const phone = personal('a number', () => '+493090187654');
    const password = typed('a password');
    const profile = (of: string) => ({
      firstName: personal(`the first name ${of}`),
      lastName: personal(`the last name ${of}`),
      picture: personal(`the picture ${of}`, (unique) => `https://pictures.example/${unique}`),
      attributes: { allergies: personal(`the attribute ${of}`) },
    });
    const keyed = { headers: { 'idempotency-key': 'registration-of-monday-01' } };
    const body = { email, username, phone, password, ...profile('of a registration') };
    for (let time = 0; time < 2; time += 1) await done('POST', `${api}/registrations`, { body, ...keyed });
    await done('POST', `${api}/registrations`, { body: { ...body, username: undefined, phone: undefined } });
    await ask('POST', `${api}/registrations`, { body });
    await ask('POST', `${api}/registrations`, { body: { ...body, password: 'short' } });
    await ask('POST', `${api}/registrations`, {
      body: { ...body, attributes: { unknown: typed('an attribute that is not known') } },
    });

    const unverified = await ask<SignInBody>('POST', `${api}/sign-in`, { body: { identifier: email, password } });
    expect(unverified.status).to.equal(401);
    const { code } = await mail(email, 'verify-email');
    await ask('POST', `${api}/verifications/confirm`, { body: { email, code: '000000' } });
    await done('POST', `${api}/verifications/confirm`, { body: { email, code } });
    const signIn = (identifier: string, secret: string, more: object = {}) =>
      ask<SignInBody>('POST', `${api}/sign-in`, { body: { identifier, password: secret, ...more } });
    await signIn(email, typed('a wrong password'));
    await signIn(typed('a password in the place of a name'), password);
    await signIn(anEmail('an address of nobody'), typed('a password of nobody'));
    const first = await signIn(username, password);
    await signIn(email, password, { deviceToken: first.body.deviceToken });
    const { accessToken: token, refreshToken } = first.body.tokens as Tokens;
    await ask('POST', `${api}/tokens/refresh`, { body: { refreshToken: `${refreshToken}x` } });
    await done('POST', `${api}/tokens/refresh`, { body: { refreshToken }, ...keyed });

    await done('PATCH', `${api}/me`, { body: profile('of a change'), token });
    // Enough for a snapshot.
    for (let time = 0; time < 45; time += 1) {
      await annal.call('PATCH', `${api}/me`, { body: { firstName: personal('a name') }, token });
    }
    await done('GET', `${api}/me`, { token });
    const moved = anEmail('a new address');
    const wrongly = { value: anEmail('a refused address'), currentPassword: typed('a guess at a change') };
    await ask('PUT', `${api}/me/email`, { body: wrongly, token });
    await done('PUT', `${api}/me/email`, { body: { value: moved, currentPassword: password }, token });
    const change = await mail(moved, 'verify-email');
    await done('POST', `${api}/me/email/verification/confirm`, { body: { code: change.code }, token });
    await done('PUT', `${api}/me/phone`, {
      body: { value: personal('a new number', () => '+493090187655'), currentPassword: password },
      token,
    });
    await done('PUT', `${api}/me/username`, {
      body: { value: personal('a new name', (unique) => `new.${unique}`), currentPassword: password },
      token,
    });
    await ask('POST', `${api}/me/password`, { body: { current: typed('a guess'), password: typed('a draft') }, token });
    const chosen = typed('a new password');
    const changed = await done<Tokens>('POST', `${api}/me/password`, {
      body: { current: password, password: chosen },
      token,
    });
    await done('POST', `${api}/password-resets`, { body: { identifier: moved } });
    const reset = await mail(moved, 'reset-password');
    const recovered = typed('a recovered password');
    await ask('POST', `${api}/password-resets/confirm`, {
      body: { identifier: moved, code: '000000', password: chosen },
    });
    await done('POST', `${api}/password-resets/confirm`, { body: { token: reset.token, password: recovered } });
    await ask('POST', `${api}/password-resets/confirm`, { body: { token: reset.token, password: recovered } });
    const { tokens } = (await signIn(moved, recovered)).body;
    const own = { token: tokens?.accessToken ?? '' };
    for (const path of ['me/sessions', 'me/login-history']) await done('GET', `${api}/${path}`, own);
    await ask('POST', `${api}/me/erase`, { body: { password: typed('a guess at an erasure') }, ...own });
    return { token: own.token, admin, user: changed.body.user };
  }

  /** What administrators do to people, and how it goes wrong. */
  async function administer(token: string, user: string): Promise<void> {
    const tenant = '/api/v1/tenants/default';
    const invited = anEmail('the address of an invitation');
    const body = { email: invited, firstName: personal('a name of an invitation') };
    const made = await done<{ id: string }>('POST', `${tenant}/users`, { body, token });
    await ask('POST', `${tenant}/users`, { body, token });
    const invitation = await mail(invited, 'invitation');
    // One that waits in the outbox for ever.
    const unreachable = personal('an address that takes no mail', (unique) => `unreachable.${unique}@example.com`);
    await done('POST', `${tenant}/users`, { body: { email: unreachable }, token });
    await mail(unreachable, 'invitation');
    const reason = personal('the reason of a suspension', (unique) => `Ada ${unique} is ill`);
    await done('POST', `${tenant}/users/${user}/suspend`, { body: { reason }, token });
    const elsewhere = { slug: 'left-behind', name: 'Left behind' };
    await done('POST', '/api/v1/tenants', { body: elsewhere, token });
    const unpaid = personal('the reason of a tenant’s suspension', (unique) => `Ada ${unique} has not paid`);
    await done('POST', `/api/v1/tenants/${elsewhere.slug}/suspend`, { body: { reason: unpaid }, token });
    for (const path of [`users/${user}`, `users/${user}/sessions`, 'login-history', 'audit', 'settings', 'clients'])
      await done('GET', `${tenant}/${path}`, { token });
    await done('GET', `${tenant}/users?search=${invited}`, { token });
    await done('PATCH', `${tenant}/users/${made.body.id}`, { body: { lastName: personal('a last name') }, token });
    const client = await done<{ client: string; secret: string }>('POST', `${tenant}/clients`, {
      body: { name: 'Shop', confidential: true },
      token,
    });
    const basic = (secret: string) => `Basic ${Buffer.from(`${client.body.client}:${secret}`).toString('base64')}`;
    for (const secret of [client.body.secret, typed('the secret of a client')]) {
      await ask('POST', '/t/default/oauth2/introspect', { form: { token }, headers: { authorization: basic(secret) } });
    }
    await ask('POST', '/t/default/oauth2/revoke', { form: { token: typed('a token to revoke') } });
    await done('POST', `${tenant}/clients/${client.body.client}/secret`, { token });
    const setup = new URL(await annal.container.get(FirstStart).setupLink()).searchParams.get('token') ?? '';
    canaries.add('made', 'the token of the first start', setup);
    await ask('POST', '/api/v1/setup', {
      body: { token: setup, email: invited, password: typed('a password of a setup') },
    });
    await done('POST', `${api}/invitations/accept`, {
      body: { token: invitation.token, password: typed('a password of an invitation') },
    });
    await done('GET', '/metrics', { token: metricsToken });
    for (const path of [
      '/api/v1/tenants',
      '/api/v1/projections',
      '/openapi.json',
      '/t/default/jwks.json',
      '/health/ready',
    ])
      await done('GET', path, { token });
  }

  /** Everything in every place where it does not belong: in fields of every kind, paths, parameters and headers. */
  async function stray(token: string): Promise<void> {
    const values = new Map<string, string>();
    const strayIn = (field: string): string => {
      const group = ofPeople.has(field) ? 'person' : 'typed';
      if (!values.has(field)) values.set(field, canaries.new(group, `a stray in ${field}`));
      return values.get(field) ?? '';
    };
    const ending = new Set(['signOut', 'removeTenant', 'suspendTenant', 'rotateSigningKeys']);
    const asked = mounts
      .filter(({ issuer, route }) => issuer === 'system' || route.access === 'public')
      .filter(({ route }) => !ending.has(route.id))
      .flatMap((mount) => {
        const fields = Object.keys(mount.route.body?.example ?? {}).filter((field) => !named.has(field));
        return ['', ...fields].map((field) => ({ mount, field }));
      });
    await each(
      asked,
      async ({ mount: { path, route }, field }) => {
        const value = strayIn(field === '' ? 'paths, parameters and header fields' : field);
        const target = path.replaceAll(/:(\w+)/g, (_, name: string) =>
          name === 'tenant' ? 'default' : encodeURIComponent(value),
        );
        const body = { ...route.body?.example, ...(field !== '' && { [field]: value }) };
        const isForm = route.body?.mediaType === 'application/x-www-form-urlencoded';
        const query = field === '' ? `?search=${encodeURIComponent(value)}` : '';
        await ask(route.method.toUpperCase(), target + query, {
          ...(route.body && (isForm ? { form: body } : { body })),
          ...(route.access !== 'public' && { token }),
          ...(field === '' && { headers: { 'if-match': value, 'accept-language': value, origin: value } }),
        });
      },
      4,
    );
    const value = strayIn('credentials');
    for (const authorization of [`Bearer ${value}`, `Basic ${value}`, value])
      await ask('GET', `${api}/me`, { headers: { authorization } });
    await ask('GET', `/${encodeURIComponent(value)}`);
  }

  before(async function () {
    this.timeout(60_000);
    canaries.add('origin', 'an IP address', address);
    annal = await Annal.start({
      foundation: {
        log: new PinoLog('debug', { write: (line) => void lines.push(line) }),
        tracing,
        metricsToken,
        transports: { mail: postman, 'text-message': exchange },
        http: { origin: 'http://localhost:4000', trustedProxies: ['127.0.0.1'] },
      },
    });
    canaries.add('typed', 'the root key', annal.place.rootKey);
    canaries.add('typed', 'the root key as bytes', Buffer.from(annal.place.rootKey, 'base64').toString('latin1'));
    const attributes = [{ name: 'allergies', required: false, maxLength: 100, values: [] }];
    await settle(annal, 'default', { registration: { attributes } });
    const { admin, user } = await live();
    await administer(admin, user);
    await stray(admin);
    await caughtUp(annal.container);
    await addWhatIsSealed();
  });
  after(() => annal.stop());

  /** Verifiers, private keys and whatever else the log holds sealed. */
  async function addWhatIsSealed(): Promise<void> {
    for (const { event } of await eventsAfter(annal, undefined)) {
      for (const [scope, name, value] of sealedTexts(event)) {
        if (scope === 'tenant' && name === 'd') canaries.add('typed', `a private key`, value);
        if (scope === 'credential') canaries.add('typed', `${name} of ${event.type}`, value);
      }
    }
  }

  function sealedTexts(
    value: unknown,
    scope = '',
    name = '',
  ): readonly (readonly [scope: string, name: string, value: string])[] {
    if (value instanceof Sealed) return sealedTexts(value.value, value.scope, name);
    if (typeof value === 'string') return scope === '' || value.length < 16 ? [] : [[scope, name, value]];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, member]) => sealedTexts(member, scope, key));
  }

  it('is about a search that finds', async () => {
    const probe = new Canaries();
    const value = probe.new('typed', 'it');
    for (const offset of ['', 'x', 'xx']) {
      const bytes = Buffer.from(`${offset}${value}yy`);
      for (const text of [bytes.toString(), bytes.toString('hex').toUpperCase(), bytes.toString('base64url')])
        expect(probe.in(`…${text}…`), text).to.deep.equal(['it']);
    }
    expect(probe.in(value.slice(1))).to.deep.equal([]);
    expect(canaries.size).to.be.above(80);
    const { rows } = await annal.database.pool.query<{ text: string }>(
      'select string_agg(u::text, $1) as text from users_v1 u',
      [''],
    );
    expect(canaries.in(rows[0]?.text ?? '')).to.include('a new address');
    const seen = new Set(told.flatMap(({ answer }) => canaries.in(answer.text + JSON.stringify([...answer.headers]))));
    expect([...seen]).to.include.members(['a new address', 'an IP address', 'a refreshToken']);
    const snapshots = await annal.database.pool.query('select 1 from snapshots');
    expect(snapshots.rowCount).to.be.above(0);
    const waiting = await annal.database.pool.query("select 1 from outbox_messages where status = 'waiting'");
    expect(waiting.rowCount).to.be.above(0);
  });

  it('VC-34: somebody reads answers that are not theirs, refusals, links and header fields; what was sent does not come back', () => {
    const shown = told.flatMap(({ request, answer: { status, text, headers } }) => {
      const inForm: readonly CanaryGroup[] = pageForms.test(request) ? ['person'] : [];
      const meant = status < 300 ? meantToShow.find(([pattern]) => pattern.test(request))?.[1] : inForm;
      const others = (['typed', 'made', 'person', 'origin'] as const).filter((group) => !meant?.includes(group));
      return canaries.in(text + JSON.stringify([...headers]), others).map((name) => `${request} ${status}: ${name}`);
    });
    expect(told.filter(({ answer }) => answer.status >= 500).map(({ request }) => request)).to.deep.equal([]);
    expect(shown).to.deep.equal([]);
  });

  it('VC-34: somebody reads the log of the service and its traces', () => {
    expect(lines.length).to.be.above(100);
    expect(lines.some((line) => line.includes('message-postponed'))).to.equal(true);
    expect(lines.filter((line) => canaries.in(line).length > 0)).to.deep.equal([]);
    expect(tracing.spans.length).to.be.above(100);
    expect(tracing.spans.filter((span) => canaries.in(JSON.stringify(span)).length > 0)).to.deep.equal([]);
  });

  it('VC-34: somebody dumps every table; only columns that say so hold what is personal, and none a secret', async () => {
    const { pool } = annal.database;
    const { rows: tables } = await pool.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    expect(tables.length).to.be.above(20);
    const personalOf = new Map(
      projections.map((model) => [
        tableName(model),
        (model as { personal?: { columns: readonly string[] } }).personal?.columns ?? [],
      ]),
    );
    const hits: string[] = [];
    for (const { name } of tables) {
      const { rows } = await pool.query<{ open: string; personal: string }>(
        `select (to_jsonb(t) - $1::text[])::text as open, to_jsonb(t)::text as personal from "${name}" t`,
        [personalOf.get(name) ?? []],
      );
      for (const row of rows) {
        hits.push(...canaries.in(row.open).map((canary) => `${name}: ${canary} in ${row.open}`));
        hits.push(...canaries.in(row.personal, ['typed', 'made']).map((canary) => `${name}: ${canary}`));
      }
    }
    expect(hits).to.deep.equal([]);
  });

  it('VC-34: somebody copies the log and the data folder', async () => {
    const engine = annal.container.get(LogEngine);
    const { events } = await engine.readAll(0n, 100_000);
    expect(events.length).to.be.above(100);
    const hits = events.flatMap(({ type, stream, data, metadata }) =>
      canaries
        .in(`${stream} ${Buffer.from(data).toString()} ${Buffer.from(metadata).toString()}`)
        .map((name) => `${type}: ${name}`),
    );
    expect(hits).to.deep.equal([]);
    for (const file of readdirSync(annal.place.folder))
      expect(canaries.in(readFileSync(join(annal.place.folder, file), 'latin1')), file).to.deep.equal([]);
  });

  it('VC-34: somebody sees where links lead; they name nobody, and what makes them work works once', () => {
    const texts = [
      ...postman.mails.flatMap(({ text, html }) => [text, html]),
      ...exchange.messages.map(({ text }) => text),
    ];
    const links = texts.flatMap((text) => text.match(/https?:\/\/[^\s"'<>)]+/g) ?? []);
    expect(links).not.to.deep.equal([]);
    expect(links.filter((link) => canaries.in(link, ['typed', 'person', 'origin']).length > 0)).to.deep.equal([]);
  });
});
