import { expect } from 'chai';
import fc from 'fast-check';
import type { UserAgent } from '../../src/application/ports/user-agents.js';
import { BowserUserAgents } from '../../src/infrastructure/bowser-user-agents.js';

const agents = new BowserUserAgents();
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

describe('user agents by bowser', () => {
  const known: readonly [string, UserAgent][] = [
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0',
      { browser: 'Firefox 131', operatingSystem: 'Windows 10', device: 'desktop' },
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) ' +
        'Version/17.5 Mobile/15E148 Safari/604.1',
      { browser: 'Safari 17', operatingSystem: 'iOS 17.5', device: 'mobile' },
    ],
    [
      `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0`,
      { browser: 'Microsoft Edge 130', operatingSystem: 'macOS 10.15.7', device: 'desktop' },
    ],
    [
      `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${webkit} Chrome/130.0.0.0 Mobile Safari/537.36`,
      { browser: 'Chrome 130', operatingSystem: 'Android 14', device: 'mobile' },
    ],
    [
      `Mozilla/5.0 (X11; Linux x86_64) ${webkit} Chrome/130.0.0.0 Safari/537.36`,
      { browser: 'Chrome 130', operatingSystem: 'Linux', device: 'desktop' },
    ],
    [
      'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      { browser: 'Googlebot 2', device: 'bot' },
    ],
    [
      'Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP2A)',
      { browser: 'Dalvik 2', operatingSystem: 'Android 14', device: 'tablet' },
    ],
    ['curl/8.5.0', { browser: 'curl 8', device: 'other' }],
  ];
  for (const [header, expected] of known) {
    it(`reads ${expected.browser} on ${expected.operatingSystem ?? 'nothing it names'}`, () => {
      expect(agents.parse(header)).to.deep.equal(expected);
    });
  }

  it('makes nothing of a header that is missing, empty or says nothing', () => {
    for (const header of [undefined, '', ' ', 'x', 'node', '__proto__', 'toString', 'Mozilla/5.0']) {
      expect(agents.parse(header), header).to.deep.equal({ device: 'other' });
    }
  });

  it('never throws and never keeps more than a short, harmless label', () => {
    const pieces = fc.constantFrom(
      'Mozilla/5.0 (',
      'Windows NT 10.0;',
      'Chrome/',
      'Version/',
      '<script>',
      '\u202e',
      '\n',
      '9'.repeat(300),
    );
    const headers = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.array(pieces).map((parts) => parts.join('')),
    );

    fc.assert(
      fc.property(headers, (header) => {
        const { browser = '', operatingSystem = '' } = agents.parse(header);
        for (const label of [browser, operatingSystem]) expect(label).to.match(/^[\p{L}\p{N} ._/-]{0,40}$/u);
      }),
    );
  });

  it('looks at the beginning of a header of a megabyte only', () => {
    expect(agents.parse(`curl/8.5.0 ${'Version/1 '.repeat(100_000)}`)).to.deep.equal({
      browser: 'curl 8',
      device: 'other',
    });
  });
});
