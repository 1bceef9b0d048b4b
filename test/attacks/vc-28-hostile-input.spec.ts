import { expect } from 'chai';
import type { Annal } from '../support/annal.js';
import { type AnyMount, AttackedService, mounts, pathOf } from '../support/attacked-service.js';
import { each, full, many, newClient } from '../support/attacking.js';
import { api } from '../support/people.js';

/** Milliseconds of processor: what grows with the square of a field takes seconds, and a busy machine makes everything a few times dearer. */
const dearest = 250;

/** Somebody sends what no client would. */
describe('attacks with hostile input', () => {
  let service: AttackedService;
  let annal: Annal;
  let admin: string;

  before(async () => {
    service = await AttackedService.start();
    ({ annal, admin } = service);
  });
  after(() => service.stop());

  const sentTo = (mount: AnyMount, body: object) =>
    service.send(mount, pathOf(mount, '00000000-0000-7000-8000-000000000000'), body);

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
          for (let round = 0; round < 3 && Math.min(...costs, Number.MAX_VALUE) > dearest; round += 1) {
            const before = process.cpuUsage();
            ({ status } = await sentTo(mount, { ...example, [field]: value }));
            const { user, system: kernel } = process.cpuUsage(before);
            costs.push((user + kernel) / 1_000);
          }
          if (status >= 500 || (status < 400 && value.length > 4_096))
            dear.push(`${mount.route.id} ${field}: ${status}`);
          if (Math.min(...costs) > dearest) dear.push(`${mount.route.id} ${field}: ${Math.min(...costs)} ms`);
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

  it('is still there afterwards', async () => {
    await many(3, () => newClient(annal, true));
    expect((await annal.call('GET', '/health/ready')).status).to.equal(200);
    expect(annal.log.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });
});
