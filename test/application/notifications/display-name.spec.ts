import { expect } from 'chai';
import { displayName } from '../../../src/application/notifications/display-name.js';

describe('a name in a message', () => {
  it('is first and last name', () => {
    expect(displayName({ firstName: 'Ada', lastName: 'Lovelace' })).to.equal('Ada Lovelace');
    expect(displayName({ firstName: ' Åsa ' })).to.equal('Åsa');
    expect(displayName({ firstName: 'J. R. R.', lastName: "O'Neil-Müller" })).to.equal("J. R. R. O'Neil-Müller");
    expect(displayName({})).to.equal(undefined);
  });

  it('never carries a message to a stranger whose address was registered', () => {
    for (const firstName of [
      'You won! https://evil.example',
      'Visit evil.example now',
      'www evil',
      'mail me@evil.example',
      'evil.example/path',
      'a'.repeat(100),
      'ｗｗｗ．ｅｖｉｌ．ｅｘａｍｐｌｅ',
    ]) {
      expect(displayName({ firstName }), firstName).to.equal(undefined);
    }
    expect(displayName({ firstName: 'Ada\r\n\r\nBuy now' })).to.equal('Ada Buy now');
    expect(displayName({ firstName: '\u202eadA' })).to.equal('adA');
  });
});
