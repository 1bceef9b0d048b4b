import { expect } from 'chai';
import fc from 'fast-check';
import { isReadableAccent, palettes } from '../../../src/domain/tenant/branding.js';
import { checkOverrides } from '../../../src/domain/tenant/settings-check.js';

const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (one: string, other: string): number => {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
};
const colours = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(255))
  .map((all) => `#${all.map((one) => one.toString(16).padStart(2, '0')).join('')}`);

describe('the branding of a tenant', () => {
  it('keeps every text readable, in light and dark, whatever colour is taken', () => {
    fc.assert(
      fc.property(colours, (accent) => {
        const found = palettes(accent);
        expect(found !== undefined).to.equal(isReadableAccent(accent));
        if (!found) return;
        for (const [{ accent: shown, onAccent, strong, tint }, sheet] of [
          [found.light, '#ffffff'],
          [found.dark, '#1b212a'],
        ] as const) {
          for (const [text, ground] of [
            [shown, sheet],
            [shown, tint],
            [strong, sheet],
            [onAccent, shown],
            [onAccent, strong],
          ] as const)
            expect(contrast(text, ground), `${text} on ${ground} of ${accent}`).to.be.at.least(4.5);
        }
      }),
    );
  });

  it('takes no colour that is none, or too light, and no link that is a script or not over TLS', () => {
    const problems = (branding: object) => checkOverrides({ branding }).map(({ pointer }) => pointer);
    expect(problems({ accent: '#7a1fa2', supportUrl: 'https://help.example.com/a?b=c#d' })).to.deep.equal([]);
    for (const accent of ['red', '#fff', '#ffff00', '#7a1fa2;}', 'url(//x)', '#7a1fa2 ', 'var(--x)'])
      expect(problems({ accent }), accent).to.deep.equal(['/branding/accent']);
    for (const termsUrl of [
      'javascript:alert(1)',
      'http://example.com',
      'https://a@b.example',
      '//x',
      'https://x/"onclick=',
    ])
      expect(problems({ termsUrl }), termsUrl).to.deep.equal(['/branding/termsUrl']);
  });
});
