import { expect } from 'chai';
import { mountsOf, type Mount } from '../../src/api/server/mounting.js';
import { type AllServices, routes } from '../../src/api/routes.js';
import { Annal, password } from '../support/annal.js';
import { each, full, many, newClient } from '../support/attacking.js';
import { api, newEmail, newPerson, root, signIn } from '../support/people.js';
import { rawHttp } from '../support/raw-http.js';

const mounts: readonly Mount<AllServices>[] = routes.flatMap((route) => mountsOf(route));
const evil = 'evil.example';

/** Somebody sends what no client would. */
describe('attacks with hostile input', () => {
  let annal: Annal;
  let system: string;
  let admin: string;

  before(async () => {
    annal = await Annal.start();
    system = await root(annal);
    const person = await newPerson(annal);
    await annal.call('POST', `/api/v1/tenants/default/users/${person.user}/appoint-administrator`, { token: system });
    admin = person.accessToken;
  });
  after(() => annal.stop());

  const tokenFor = ({ issuer }: Mount<AllServices>): string => ({ path: admin, system })[issuer];
  const known: Readonly<Record<string, string>> = {
    tenant: 'default',
    kind: 'verify-email',
    locale: 'en',
    code: 'not-found',
  };
  const pathOf = ({ path }: Mount<AllServices>, id: string): string =>
    path.replaceAll(/:(\w+)/g, (_, name: string) => known[name] ?? encodeURIComponent(id));

  const sentTo = (mount: Mount<AllServices>, body: object) => {
    const { method, body: accepted, access } = mount.route;
    const isForm = accepted?.mediaType === 'application/x-www-form-urlencoded';
    return annal.call(method.toUpperCase(), pathOf(mount, '00000000-0000-7000-8000-000000000000'), {
      ...(isForm ? { form: body as Record<string, string> } : { body }),
      ...(access !== 'public' && { token: tokenFor(mount) }),
    });
  };

  /** Operations that would end this spec's own means. */
  const ending = new Set([
    'signOut',
    'deactivateMyAccount',
    'eraseMyAccount',
    'removeTenant',
    'suspendTenant',
    'rotateSigningKeys',
    'changePassword',
  ]);
  const bodies = mounts.filter(({ route }) => route.body !== undefined && !ending.has(route.id));

  it('VC-28: somebody sends each field of every body at a megabyte, and as large as bodies may be; each costs a 4xx or little', async () => {
    const values = [
      'x'.repeat(1_000_000),
      'a@'.repeat(25_000),
      '\u{1f600}'.repeat(12_000),
      '(((a+)+)+)+$'.repeat(4_000),
      '{{'.repeat(20_000),
      `${'.'.repeat(50_000)}x`,
      ' '.repeat(55_000),
      '1'.repeat(55_000),
      'İ'.repeat(25_000),
    ];
    const dear: string[] = [];
    for (const mount of bodies) {
      const example = mount.route.body?.example ?? {};
      const fields = Object.keys(example).filter(
        (field) => typeof (example as Record<string, unknown>)[field] === 'string',
      );
      for (const field of fields) {
        for (const value of full ? values : values.filter((_, index) => (index + mount.path.length) % 3 === 0)) {
          const costs: number[] = [];
          let status = 0;
          for (let round = 0; round < 3 && Math.min(...costs, 60) > 50; round += 1) {
            const before = process.cpuUsage();
            ({ status } = await sentTo(mount, { ...example, [field]: value }));
            const { user, system: kernel } = process.cpuUsage(before);
            costs.push((user + kernel) / 1_000);
          }
          if (status >= 500 || (status < 400 && value.length > 4_096))
            dear.push(`${mount.route.id} ${field}: ${status}`);
          if (Math.min(...costs) > 50) dear.push(`${mount.route.id} ${field}: ${Math.min(...costs)} ms`);
        }
      }
    }
    expect(dear).to.deep.equal([]);
  });

  it('VC-28: somebody sends nothing, null, lists, numbers and deep or wide JSON in place of every field; no answer is a 5xx', async () => {
    const deep = JSON.parse('['.repeat(30) + ']'.repeat(30)) as unknown;
    const wide = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`k${index}`, index]));
    const values = [
      null,
      '',
      0,
      -1,
      1e308,
      true,
      [],
      ['a'],
      {},
      { a: 1 },
      deep,
      wide,
      'a\u0301',
      '\u202e',
      '\ufeff',
      '٣',
      'ａ',
    ];
    const asked = bodies.flatMap((mount) =>
      Object.keys(mount.route.body?.example ?? {}).flatMap((field) =>
        values
          .filter((_, index) => full || (index + field.length + mount.path.length) % 3 === 0)
          .map((value) => [mount, field, value] as const),
      ),
    );
    const failed = await each(
      asked,
      async ([mount, field, value]) => {
        const { status } = await sentTo(mount, { ...mount.route.body?.example, [field]: value });
        return status >= 500 ? [`${mount.route.id} ${field} = ${JSON.stringify(value).slice(0, 40)}: ${status}`] : [];
      },
      4,
    );
    expect(failed.flat()).to.deep.equal([]);
  });

  it('VC-28, VC-32: somebody writes anything where ids and parameters stand; no answer is a 5xx, and no filter widens', async () => {
    const ids = [
      'x'.repeat(7_000),
      "' or 1=1--",
      '"',
      '\\',
      '%',
      '_',
      '*',
      '🦄',
      'a_b',
      'a-b',
      `user-${'0'.repeat(36)}`,
      '__proto__',
      'constructor',
      '$where',
      '{{7*7}}',
      'null',
      '0',
    ];
    const named = mounts.filter(({ path }) => /:(user|session|client|code|kind|locale)\b/.test(path));
    const places = named.flatMap((mount) => ids.map((id) => [mount, id] as const));
    const failed = await each(
      places,
      async ([mount, id]) => {
        const { method, access, body } = mount.route;
        const path = mount.path.replaceAll(/:(\w+)/g, (_, name: string) =>
          name === 'tenant' ? 'default' : encodeURIComponent(id),
        );
        const { status } = await annal.call(method.toUpperCase(), path, {
          ...(body && { body: body.example }),
          ...(access !== 'public' && { token: tokenFor(mount) }),
        });
        return status >= 500 || status < 300 ? [`${mount.route.id} ${id.slice(0, 20)}: ${status}`] : [];
      },
      4,
    );
    expect(failed.flat()).to.deep.equal([]);

    // Clients take these for steps; sent as they are, they name nobody.
    for (const id of ['..', '.', '%2e%2e', '%2E', '..%2f..', '%2e%2e%2f']) {
      const request = `POST /api/v1/tenants/default/users/${id}/suspend HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${system}\r\nContent-Type: application/json\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{"reason":"x"}`;
      expect((await rawHttp(Number(new URL(annal.url).port), request)).status, id).to.be.within(400, 404);
    }

    const moments = [
      '2026-W05',
      '2026-W05-1',
      '2026-123',
      '2026-02-30',
      '2026-02-30T25:00:00Z',
      '0000-01-01',
      '-000001-01-01T00:00:00Z',
      '+275760-09-13',
      '2026-01-01T00:00:00+23:59',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:00:60Z',
      '20260101',
      "2026-01-01' or '1'='1",
      '1e9',
      'now',
      'infinity',
      '-infinity',
      'NaN',
    ];
    const words = [
      "' or 1=1--",
      '%',
      '_',
      '\\',
      '%%%',
      '"',
      '\u{1f600}',
      "'; drop table events; --",
      '${jndi:ldap://x}',
      'a\u0000b',
    ];
    const lists = mounts.filter(({ route }) => route.paged);
    const names = [
      'from',
      'to',
      'search',
      'status',
      'administrator',
      'outcome',
      'user',
      'type',
      'subject',
      'actor',
      'limit',
      'cursor',
      'sort',
      'order',
    ];
    const asked = lists.flatMap((mount) =>
      names.flatMap((name) =>
        (['from', 'to'].includes(name) ? moments : words).map((value) => [mount, name, value] as const),
      ),
    );
    const answers = await each(
      asked,
      async ([mount, name, value]) => {
        const { status, text } = await annal.call('GET', `${pathOf(mount, 'x')}?${name}=${encodeURIComponent(value)}`, {
          token: tokenFor(mount),
        });
        if (status >= 500) return [`${mount.route.id} ${name}=${value}: ${status}`];
        // What finds nobody by its letters must not find everybody by its syntax.
        const everybody =
          status === 200 && ['search', 'user', 'subject', 'actor', 'type'].includes(name) && text.includes('"id"');
        return everybody ? [`${mount.route.id} ${name}=${value} found ${text.slice(0, 80)}`] : [];
      },
      4,
    );
    expect(answers.flat()).to.deep.equal([]);
  });

  it('VC-28: somebody fills header fields; no answer is a 5xx', async () => {
    const values = [
      'x'.repeat(10_000),
      '"',
      ',',
      ';',
      '=',
      'Basic',
      'Bearer',
      `Bearer ${'a.'.repeat(5_000)}`,
      `Basic ${'A'.repeat(9_000)}`,
      '"0"',
      'W/"0"',
      '*',
      '-1',
      '0'.repeat(300),
      '(',
      'a/b;q=9e999',
    ];
    const names = [
      'authorization',
      'if-match',
      'idempotency-key',
      'annal-min-position',
      'accept',
      'accept-language',
      'user-agent',
      'x-request-id',
      'traceparent',
      'origin',
      'dpop',
      'cookie',
      'x-forwarded-for',
      'content-type',
    ];
    const asked = names.flatMap((name) => values.map((value) => [name, value] as const));
    const failed = await each(
      asked,
      async ([name, value]) => {
        const [list, change, introspect] = await Promise.all([
          annal.call('GET', `${api}/users`, { token: admin, headers: { [name]: value } }),
          annal.call('PATCH', `${api}/me`, { body: { locale: 'en' }, token: admin, headers: { [name]: value } }),
          annal.call('POST', '/t/default/oauth2/introspect', { form: { token: 'x' }, headers: { [name]: value } }),
        ]);
        return [list, change, introspect].some(({ status }) => status >= 500) ? [`${name}: ${value.slice(0, 20)}`] : [];
      },
      4,
    );
    expect(failed.flat()).to.deep.equal([]);
  });

  it('VC-28: a tenant writes templates that never end; they end', async () => {
    const hostile = [
      '{% for a in (1..100000000) %}x{% endfor %}',
      '{{ "x" | append: "y" }}'.repeat(2_000),
      '{% assign a = "xxxxxxxxxx" %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}',
      '{{ name.constructor.constructor }}',
      '{% include "/etc/passwd" %}',
      '{% render "../../x" %}',
      '{{ __proto__ }}{{ constructor }}',
    ];
    for (const text of hostile) {
      const before = process.cpuUsage();
      const { status, text: said } = await annal.call('POST', `${api}/notification-templates/verify-email/en/preview`, {
        body: { parts: { text } },
        token: admin,
      });
      const { user } = process.cpuUsage(before);
      expect(status, text).to.be.below(500);
      expect(said).not.to.match(/root:|function|native code/);
      expect(user / 1_000, text).to.be.below(2_000);
    }
  });

  it('VC-18: somebody asks for mail under another host’s name; every link in it leads to the configured origin', async () => {
    const port = Number(new URL(annal.url).port);
    const fields = [
      'X-Forwarded-Host',
      'X-Forwarded-Server',
      'X-Forwarded-Proto',
      'X-Forwarded-Prefix',
      'X-Original-URL',
      'X-Rewrite-URL',
      'X-Host',
      'X_Forwarded_Host',
      'Origin',
      'Referer',
    ];
    const post = async (path: string, body: object, token?: string) => {
      const text = JSON.stringify(body);
      const head = [
        `POST ${path} HTTP/1.1`,
        `Host: ${evil}`,
        ...fields.map((name) => `${name}: ${evil}`),
        `Forwarded: host=${evil};proto=https`,
        'Content-Type: application/json',
        `Content-Length: ${Buffer.byteLength(text)}`,
        ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
        'Connection: close',
      ];
      const answer = await rawHttp(port, `${head.join('\r\n')}\r\n\r\n${text}`);
      expect(answer.status, answer.body).to.be.within(200, 299);
      expect(answer.head + answer.body).not.to.contain(evil);
      return answer;
    };
    const [email, invited] = [newEmail(), newEmail()];
    await post(`${api}/registrations`, { email, password });
    const verification = await annal.mail(email, 'verify-email');
    await post(`${api}/registrations`, { email, password });
    const again = await annal.mail(email, 'already-registered');
    await post(`${api}/password-resets`, { identifier: email });
    const reset = await annal.mail(email, 'reset-password');
    const created = await post(`${api}/users`, { email: invited }, admin);
    expect(created.head.toLowerCase()).to.contain('location: http://localhost:4000/t/default/api/v1/users/');
    const invitation = await annal.mail(invited, 'invitation');
    for (const { text, kind } of [verification, again, reset, invitation]) {
      const links = text.match(/https?:\/\/[^\s"<>)]+/g) ?? [];
      expect(links, kind).not.to.deep.equal([]);
      for (const link of links) expect(new URL(link).origin, kind).to.equal('http://localhost:4000');
      expect(text).not.to.contain(evil);
    }
    const { rows } = await annal.database.pool.query<{ mail: string }>(
      'select m::text as mail from development_mailbox m',
    );
    expect(rows.map(({ mail }) => mail).join()).not.to.contain(evil);
  });

  it('VC-29: somebody puts line breaks, colours and JSON where names and agents are logged; no line says anything that was sent', async () => {
    annal.log.lines.length = 0;
    const forged = 'x"\r\n{"level":"fatal","event":"forged"}\u001b[31m${jndi:ldap://forged}';
    const headers = {
      'user-agent': 'forged","level":"fatal","x":"${jndi:ldap://forged}',
      'x-request-id': 'forged id',
      referer: 'forged',
    };
    await annal.call('POST', `${api}/sign-in`, { body: { identifier: forged, password: forged }, headers });
    await annal.call('POST', `${api}/registrations`, {
      body: { email: newEmail(), password, firstName: forged },
      headers,
    });
    await annal.call('POST', `${api}/clients`, { body: { name: forged, confidential: false }, token: admin, headers });
    await annal.call('GET', `${api}/users/${encodeURIComponent(forged)}?forged=${encodeURIComponent(forged)}`, {
      token: admin,
      headers,
    });
    await annal.call('GET', `/${encodeURIComponent(forged)}`, { headers });
    await annal.call('POST', `${api}/tokens/refresh`, { body: { refreshToken: forged }, headers });
    const requests = annal.log.lines.filter(({ event }) => event === 'request');
    expect(requests).to.have.length(6);
    for (const { fields } of requests)
      expect(Object.keys(fields).sort()).to.deep.equal(['id', 'method', 'milliseconds', 'route', 'status']);
    expect(JSON.stringify(annal.log.lines)).not.to.match(/forged|fatal|jndi/);
  });

  it('VC-30: somebody sends the names that every object inherits; nothing changes but the data they name', async () => {
    const before = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
    const inherited = [
      'constructor',
      'toString',
      'hasOwnProperty',
      'prototype',
      'valueOf',
      '__defineGetter__',
      '__proto__',
    ];
    const raw = (method: string, path: string, body: string, type = 'application/json') =>
      fetch(annal.url + path, { method, body, headers: { 'content-type': type, authorization: `Bearer ${admin}` } });
    for (const mount of bodies.filter(({ route }) => route.body?.mediaType !== 'application/x-www-form-urlencoded')) {
      const example = JSON.stringify(mount.route.body?.example);
      const body = `{"__proto__":{"polluted":1},${example.slice(1)}`;
      const answer = await raw(mount.route.method.toUpperCase(), pathOf(mount, 'x'), body, mount.route.body?.mediaType);
      expect(answer.status, mount.route.id).to.be.oneOf([400, 401]);
      await answer.arrayBuffer();
    }
    for (const name of inherited) {
      const attributes = JSON.stringify({ attributes: { [name === '__proto__' ? 'prototype' : name]: 'data' } });
      expect((await raw('PATCH', `${api}/me`, attributes, 'application/merge-patch+json')).status, name).to.be.oneOf([
        200, 422,
      ]);
      expect(
        (
          await annal.call('PUT', `${api}/settings`, {
            body: JSON.parse(`{"overrides":{"${name}":{"x":1}}}`) as object,
            token: admin,
          })
        ).status,
      ).to.be.within(400, 422);
      expect((await signIn(annal, name, password, api, { client: name })).status).to.be.within(400, 401);
      expect((await annal.call('GET', `/t/${name}/api/v1/me`, { token: admin })).status).to.equal(404);
      expect((await annal.call('GET', `/t/default/jwks.json?${name}=1`)).status).to.equal(400);
      expect((await annal.call('GET', `/problems/${name}`)).status).to.equal(404);
    }
    expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).to.equal(before);
    expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
  });

  it('is still there afterwards', async () => {
    await many(3, () => newClient(annal, true));
    expect((await annal.call('GET', '/health/ready')).status).to.equal(200);
    expect(annal.log.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });
});
