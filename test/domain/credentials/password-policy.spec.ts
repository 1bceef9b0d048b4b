import { expect } from 'chai';
import {
  checkPassword,
  isPasswordTooOld,
  type PasswordFacts,
  type PasswordViolation,
} from '../../../src/domain/credentials/password-policy.js';
import { defaults, type PasswordPolicy } from '../../../src/domain/tenant/settings.js';
import { instant, plusSeconds } from '../../../src/domain/values.js';

const harmless: PasswordFacts = { blocked: false, score: 4, reused: false };

type Asked = Readonly<{ policy?: Partial<PasswordPolicy>; words?: readonly string[]; facts?: Partial<PasswordFacts> }>;

const violations = (password: string, { policy, words = [], facts }: Asked = {}): readonly PasswordViolation[] =>
  checkPassword({ ...defaults.password, ...policy }, password, { words }, { ...harmless, ...facts });

const tooShort = { code: 'password-too-short', minLength: 15 };

describe('the password policy', () => {
  describe('by default (NI-01, NI-02)', () => {
    const table: readonly [string, string, readonly object[]][] = [
      ['14 characters', 'x'.repeat(14), [tooShort]],
      ['15 characters', 'x'.repeat(15), []],
      ['14 emoji of two units each', '🦉'.repeat(14), [tooShort]],
      ['15 emoji', '🦉'.repeat(15), []],
      ['15 accents that are decomposed', 'e\u0301'.repeat(14), [tooShort]],
      ['8 ligatures that are 16 letters', 'ﬁ'.repeat(8), []],
      ['only spaces', ' '.repeat(15), []],
      ['no digit, no capital', 'correct horse battery staple', []],
      ['1,024 characters', 'x'.repeat(1_024), []],
      ['1,025 characters', 'x'.repeat(1_025), [{ code: 'password-too-long', maxLength: 1_024 }]],
      ['nothing', '', [tooShort]],
      ['half a character', `${'x'.repeat(15)}\ud83e`, [{ code: 'password-not-text' }]],
    ];
    for (const [name, password, expected] of table) {
      it(`judges ${name}`, () => {
        expect(violations(password)).to.deep.equal(expected);
      });
    }
  });

  describe('of a tenant that insists on classes', () => {
    const table: readonly [string, number, boolean][] = [
      ['onlylowercaseletters', 1, true],
      ['onlylowercaseletters', 2, false],
      ['lowercaseANDUPPERCASE', 2, true],
      ['lowercaseANDUPPERCASE', 3, false],
      ['lowercaseANDUPPER12', 3, true],
      ['lowercase UPPER 12', 4, true],
      ['ÀÉÎõüàéîÕÜàéîõü', 2, true],
      ['١٢٣٤٥٦٧٨٩٠١٢٣٤٥', 1, true],
      ['語り部の白い鳥が歌う朝の光の中', 1, true],
    ];
    for (const [password, classes, fine] of table) {
      it(`${fine ? 'accepts' : 'refuses'} ${password} where ${classes} are asked for`, () => {
        expect(violations(password, { policy: { classes } })).to.deep.equal(
          fine ? [] : [{ code: 'password-too-few-classes', classes }],
        );
      });
    }
  });

  describe('about words of the person and the service', () => {
    const refused = [{ code: 'password-contains-context-word' }];
    const words = ['Ada', 'Lovelace', 'ada.byron@example.org', 'Annal Cloud'];
    const table: readonly [string, readonly object[]][] = [
      ['the countess lovelace', refused],
      ['THE COUNTESS LOVELACE', refused],
      ['the countess ｌｏｖｅｌａｃｅ', refused],
      ['mad bad byron of old', refused],
      ['my annalist writes', refused],
      ['mail to ada.byron@example.org', refused],
      // Three letters occur in anything, and the host of an address is nobody's own.
      ['a canadian adagio', []],
      ['for example an organ', []],
    ];
    for (const [password, expected] of table) {
      it(`judges ${password}`, () => {
        expect(violations(password, { words })).to.deep.equal(expected);
      });
    }

    it('has nothing against them where the tenant allows them', () => {
      expect(violations('the countess lovelace', { words, policy: { contextWords: false } })).to.deep.equal([]);
    });
  });

  it('refuses what the outside tells, where the policy asks', () => {
    const facts = { blocked: true, score: 2, reused: true };
    const all = { minScore: 3, history: 5 };

    expect(violations('x'.repeat(15), { facts })).to.deep.equal([{ code: 'password-blocked' }]);
    expect(violations('x'.repeat(15), { facts, policy: { blocklist: false } })).to.deep.equal([]);
    expect(violations('x'.repeat(15), { facts, policy: all })).to.deep.equal([
      { code: 'password-blocked' },
      { code: 'password-too-weak', minScore: 3 },
      { code: 'password-reused', history: 5 },
    ]);
  });

  it('names every rule that is broken, at once', () => {
    const asked = { policy: { classes: 3 }, words: ['lovelace'], facts: { blocked: true } };

    expect(violations('lovelace', asked).map(({ code }) => code)).to.deep.equal([
      'password-too-short',
      'password-too-few-classes',
      'password-contains-context-word',
      'password-blocked',
    ]);
  });

  it('never repeats the password or a personal word', () => {
    const asked = {
      words: ['lovelace'],
      facts: { blocked: true, reused: true, score: 0 },
      policy: { minScore: 4, history: 1 },
    };

    expect(JSON.stringify(violations('lovelace', asked))).not.to.contain('lovelace');
  });

  it('asks for a new password after so many days, or never', () => {
    const setAt = instant(0);
    const days = (number: number) => plusSeconds(setAt, number * 86_400);
    const yearly = { ...defaults.password, maxAgeDays: 365 };

    expect(isPasswordTooOld(yearly, setAt, days(365))).to.equal(false);
    expect(isPasswordTooOld(yearly, setAt, plusSeconds(days(365), 1))).to.equal(true);
    expect(isPasswordTooOld(defaults.password, setAt, days(36_500))).to.equal(false);
  });
});
