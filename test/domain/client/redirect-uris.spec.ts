import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  type ApplicationType,
  isRegisteredRedirectUri,
  redirectUriRefusal,
} from '../../../src/domain/client/redirect-uris.js';

type Entry = readonly [client: string, uri: string, why: string];
type Corpus = Readonly<{
  clients: Readonly<Record<string, Readonly<{ type: ApplicationType; redirect_uris: readonly string[] }>>>;
  accept: readonly Entry[];
  reject: readonly Entry[];
}>;

const corpus = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/redirect-uris/corpus.json', import.meta.url), 'utf8'),
) as Corpus;

const clientOf = (name: string) => {
  const { type, redirect_uris: redirectUris } = corpus.clients[name] ?? { type: 'web', redirect_uris: [] };
  return { applicationType: type, redirectUris };
};

/** What a property says of a URI, in other words than the code. */
function mayBeAllowed({ applicationType, redirectUris }: ReturnType<typeof clientOf>, uri: string): boolean {
  if (redirectUris.includes(uri)) return true;
  if (applicationType !== 'native') return false;
  return redirectUris.some((registered) =>
    ['http://127.0.0.1', 'http://[::1]'].some((origin) => {
      if (!registered.startsWith(origin) || !uri.startsWith(`${origin}:`)) return false;
      const rest = registered.slice(origin.length).replace(/^:\d+/, '');
      const port = uri.slice(origin.length + 1, uri.length - rest.length);
      return uri.endsWith(rest) && String(Number(port)) === port && Number(port) >= 1 && Number(port) <= 65_535;
    }),
  );
}

const runs = process.env['ANNAL_TEST_FULL'] === '1' ? 1_000_000 : 20_000;

describe('redirect URIs', () => {
  for (const [client, uri, why] of corpus.accept) {
    it(`OA-01: ${why} of ${client}: ${JSON.stringify(uri)}`, () =>
      expect(isRegisteredRedirectUri(clientOf(client), uri)).to.equal(true));
  }

  for (const [client, uri, why] of corpus.reject) {
    it(`OA-01: not ${why} of ${client}: ${JSON.stringify(uri)}`, () =>
      expect(isRegisteredRedirectUri(clientOf(client), uri)).to.equal(false));
  }

  it(`OA-01: ${runs} changes of registered ones are none of them`, function () {
    this.timeout(600_000);
    const change = fc.record({
      client: fc.constantFrom(...Object.keys(corpus.clients)),
      which: fc.nat(),
      at: fc.nat(),
      removed: fc.integer({ min: 0, max: 3 }),
      added: fc.oneof(
        fc.string({ maxLength: 4 }),
        fc.constantFrom(
          ':80',
          ':0',
          ':65536',
          ':00080',
          '@',
          '%2e',
          '//',
          '\\',
          '#',
          '?',
          '.',
          ':8080',
          ' ',
          '\t',
          '／',
        ),
      ),
    });
    fc.assert(
      fc.property(change, ({ client, which, at, removed, added }) => {
        const registered = clientOf(client);
        const uri = registered.redirectUris[which % registered.redirectUris.length] ?? '';
        const place = at % (uri.length + 1);
        const changed = uri.slice(0, place) + added + uri.slice(place + removed);
        if (isRegisteredRedirectUri(registered, changed)) expect(mayBeAllowed(registered, changed)).to.equal(true);
      }),
      { numRuns: runs },
    );
  });

  const refusals = [
    ['web', 'http://app.example.com/cb', 'scheme-not-allowed'],
    ['web', 'https://app.example.com/cb#f', 'has-fragment'],
    ['web', 'https://app.example.com/cb#', 'has-fragment'],
    ['web', 'javascript:alert(1)', 'scheme-not-allowed'],
    ['native', 'JAVASCRIPT:alert(1)', 'scheme-not-allowed'],
    ['native', 'data:text/html,x', 'scheme-not-allowed'],
    ['web', 'https://*.example.com/*', 'has-wildcard'],
    ['web', 'https://user:pw@app.example.com/cb', 'has-user-info'],
    ['native', 'myapp:/cb', 'scheme-not-allowed'],
    ['native', 'com.example.app:cb', 'scheme-not-allowed'],
    ['native', 'http://localhost.evil.test/cb', 'host-not-allowed'],
    ['native', 'http://localhost/cb', 'host-not-allowed'],
    ['web', 'http://localhost.evil.test/cb', 'scheme-not-allowed'],
    ['web', 'http://localhost:3000/callback', undefined],
    ['web', '//app.example.com/cb', 'not-absolute'],
    ['web', 'https:///cb', 'not-absolute'],
    ['web', 'https:/app.example.com/cb', 'not-absolute'],
    ['web', 'https://app.example.com/cb\r\nX: y', 'forbidden-character'],
    ['web', 'https://аpp.example.com/cb', 'forbidden-character'],
    ['web', 'https://app.example.com:0443/cb', 'host-not-allowed'],
    ['web', 'https://app.example.com:/cb', 'host-not-allowed'],
    ['web', 'https://app.example.com./cb', 'host-not-allowed'],
    ['web', 'https://app.example.com/cb?iss=x', 'reserved-parameter'],
    ['web', `https://app.example.com/${'x'.repeat(2_048)}`, 'too-long'],
    ['web', 'https://app.example.com/cb?tenant=1', undefined],
    ['native', 'https://app.example.com/cb', undefined],
    ['native', 'http://127.0.0.1/cb', undefined],
    ['native', 'http://[::1]:3000/cb', undefined],
    ['native', 'com.example.app:/oauth', undefined],
  ] as const;
  for (const [type, uri, refusal] of refusals) {
    it(`${refusal ? `are refused when registered: ${refusal}` : 'may be registered'}: ${JSON.stringify(uri.slice(0, 60))} (${type})`, () =>
      expect(redirectUriRefusal(type, uri)).to.equal(refusal));
  }
});
