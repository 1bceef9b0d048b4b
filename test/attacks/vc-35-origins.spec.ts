import { expect } from 'chai';
import { mountsOf } from '../../src/api/server/mounting.js';
import { routes } from '../../src/api/routes.js';
import { Annal } from '../support/annal.js';
import { each, full } from '../support/attacking.js';
import { newPerson, type Person, root } from '../support/people.js';

const origins: readonly string[] = [
  ...['https://evil.example', 'null', 'http://localhost:4000', 'http://localhost:4000.evil.example', 'file://', '*'],
  ...['http://LOCALHOST:4000', 'https://localhost:4000', 'http://evil.example@localhost:4000', 'x', 'javascript:0'],
];

/** Somebody has a page elsewhere that calls the service from the browsers of its visitors. */
describe('attacks from other origins', () => {
  let annal: Annal;
  let admin: Person;
  let system: string;

  before(async () => {
    annal = await Annal.start();
    system = await root(annal);
    admin = await newPerson(annal);
    await annal.call('POST', `/api/v1/tenants/default/users/${admin.user}/appoint-administrator`, { token: system });
  });
  after(() => annal.stop());

  const asked = routes
    .flatMap((route) => mountsOf(route))
    .map(({ route, path, issuer }) => ({
      method: route.method.toUpperCase(),
      path: path.replaceAll(/:(\w+)/g, (_, name: string) => (name === 'tenant' ? 'default' : 'x')),
      cors: route.cors ?? 'none',
      issuer,
    }));

  it('VC-35: no route but public documents answers any origin, asked before or at once, with a token or without; and none allows credentials', async () => {
    expect(new Set(asked.map(({ cors }) => cors))).to.include('any');
    const cases = asked.flatMap((one) =>
      origins.filter((_, index) => full || (index + one.path.length) % 3 === 0).map((origin) => ({ ...one, origin })),
    );
    const wrong = await each(
      cases,
      async ({ method, path, cors, issuer, origin }) => {
        const token = { path: admin.accessToken, system }[issuer];
        const asksBefore = {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization, content-type',
        };
        // Reading is what a foreign page wants; what changes something is asked about before.
        const answers = [
          await annal.call('OPTIONS', path, { headers: asksBefore }),
          ...(method === 'GET' ? [await annal.call('GET', path, { headers: { origin }, token })] : []),
          await annal.call(method, path, { headers: { origin } }),
        ];
        const wanted = cors === 'any' && /^https?:\/\/[^/@]+$/.test(origin) ? '*' : null;
        return answers.flatMap(({ headers }) => {
          const credentials = headers.get('access-control-allow-credentials');
          const allowed = headers.get('access-control-allow-origin');
          return credentials === null && allowed === wanted ? [] : [`${origin} ${method} ${path}: ${allowed}`];
        });
      },
      4,
    );
    expect(wrong.flat()).to.deep.equal([]);
  });

  it('VC-35: what names no route, or is refused before there is one, answers no origin either', async () => {
    for (const path of [
      '/nowhere',
      '/t/nobody/jwks.json',
      '/t/nobody/api/v1/me',
      '//evil.example',
      '/t/default/api/v1/me?x=1',
    ]) {
      for (const origin of origins) {
        const { headers, status } = await annal.call('GET', path, { headers: { origin } });
        expect(status, path).to.be.within(400, 499);
        expect(headers.get('access-control-allow-credentials'), path).to.equal(null);
        expect(headers.get('access-control-allow-origin'), path).to.be.oneOf(
          path.endsWith('jwks.json') ? [null, '*'] : [null],
        );
      }
    }
  });
});
