import { expect } from 'chai';
import type { Annal } from '../support/annal.js';
import { AttackedService, mounts, pathOf } from '../support/attacked-service.js';
import { each } from '../support/attacking.js';
import { rawHttp } from '../support/raw-http.js';

/** Somebody writes the language of the database, or of patterns, where values stand. */
describe('attacks on filters', () => {
  let service: AttackedService;
  let annal: Annal;
  let system: string;

  before(async () => {
    service = await AttackedService.start();
    ({ annal, system } = service);
  });
  after(() => service.stop());

  it('VC-32: somebody writes anything where ids and parameters stand; no answer is a 5xx, and no filter widens', async () => {
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
        const path = mount.path.replaceAll(/:(\w+)/g, (_, name: string) =>
          name === 'tenant' ? 'default' : encodeURIComponent(id),
        );
        const { status } = await service.send(mount, path, mount.route.body?.example);
        return status >= 500 || status < 300 ? [`${mount.route.id} ${id.slice(0, 20)}: ${status}`] : [];
      },
      4,
    );
    expect(failed.flat()).to.deep.equal([]);

    // Clients take these for steps; sent as they are, they name nobody.
    for (const id of ['..', '.', '%2e%2e', '%2E', '..%2f..', '%2e%2e%2f']) {
      const request = `POST /api/v1/tenants/default/users/${id}/suspend HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${system}\r\nContent-Type: application/json\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{"reason":"x"}`;
      expect((await rawHttp(service.port, request)).status, id).to.be.within(400, 404);
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
          token: service.tokenFor(mount),
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
});
