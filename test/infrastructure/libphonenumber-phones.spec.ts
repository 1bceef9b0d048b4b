import { expect } from 'chai';
import { LibphonenumberPhones } from '../../src/infrastructure/libphonenumber-phones.js';

const phones = new LibphonenumberPhones();

describe('phones by libphonenumber', () => {
  const accepted: readonly [string, string | undefined, string][] = [
    ['+49 30 901820', undefined, '+4930901820'],
    ['030 901820', 'DE', '+4930901820'],
    ['0049 30 901820', 'DE', '+4930901820'],
    ['(212) 736-5000', 'US', '+12127365000'],
    ['+1 (212) 736-5000', 'DE', '+12127365000'],
    ['＋４９ ３０ ９０１８２０', undefined, '+4930901820'],
    ['+39 06 6982', undefined, '+39066982'],
  ];
  for (const [input, region, e164] of accepted) {
    it(`reads ${input} in ${region ?? 'no region'}`, () => {
      expect(phones.parse(input, region)).to.deep.equal({ kind: 'phone', display: e164, key: e164 });
    });
  }

  const refused: readonly [string, string | undefined, string][] = [
    ['', undefined, 'phone-missing'],
    ['030 901820', undefined, 'phone-without-country-code'],
    ['030 901820', 'XX', 'phone-without-country-code'],
    ['+999 1234567', undefined, 'phone-unknown'],
    ['+1 555 0100', undefined, 'phone-unknown'],
    ['12', 'DE', 'phone-unknown'],
    ['+49 30 901820 ext. 5', undefined, 'phone-characters'],
    ['call 030 901820', 'DE', 'phone-characters'],
    ['+1234567890123456', undefined, 'phone-length'],
    ['1'.repeat(1_000), 'DE', 'phone-length'],
  ];
  for (const [input, region, problem] of refused) {
    it(`refuses ${input.slice(0, 30) || 'nothing'} in ${region ?? 'no region'}: ${problem}`, () => {
      expect(phones.parse(input, region)).to.deep.equal({ kind: 'phone', problem });
    });
  }
});
