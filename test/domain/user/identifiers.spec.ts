import { expect } from 'chai';
import fc from 'fast-check';
import type { IdentifierKind } from '../../../src/domain/tenant/settings.js';
import { normaliseIdentifier, recogniseIdentifier } from '../../../src/domain/user/identifiers.js';
import { isRefused, type NormalisedIdentifier } from '../../../src/domain/user/normalised-identifier.js';

type Table = readonly (readonly [input: string, outcome: string])[];

const outcomeOf = (kind: IdentifierKind, input: string): string => {
  const result = normaliseIdentifier[kind](input);
  return isRefused(result) ? result.problem : result.key;
};
const accepted = (kind: IdentifierKind, input: string): NormalisedIdentifier | undefined => {
  const result = normaliseIdentifier[kind](input);
  return isRefused(result) ? undefined : result;
};
const shown = (input: string): string =>
  JSON.stringify(input.slice(0, 40)).replace(/[^ -~]/gu, (c) => `U+${c.codePointAt(0)?.toString(16)}`);

const judges = (kind: IdentifierKind, table: Table): void => {
  for (const [input, outcome] of table) {
    it(`${shown(input)} is ${shown(outcome)}`, () => {
      expect(outcomeOf(kind, input)).to.equal(outcome);
    });
  }
};

describe('identifiers: normalised, then validated (VC-33)', () => {
  describe('e-mail addresses', () => {
    judges('email', [
      ['ada@example.org', 'ada@example.org'],
      ['  Ada@Example.ORG \n', 'ada@example.org'],
      ['ada＠example.org', 'ada@example.org'],
      ['ada﹫example.org', 'ada@example.org'],
      ['ａｄａ@ｅｘａｍｐｌｅ．ｏｒｇ', 'ada@example.org'],
      ['ada@example。org', 'ada@example.org'],
      ['o\u2019hara@example.org', 'email-local-part'],
      ["o'hara+shop@example.org", "o'hara+shop@example.org"],
      ['JOSE\u0301@example.org', 'josé@example.org'],
      ['José@example.org', 'josé@example.org'],
      ['STRASSE@example.org', 'strasse@example.org'],
      ['straße@example.org', 'strasse@example.org'],
      ['ada@Bücher.example', 'ada@xn--bcher-kva.example'],
      ['ada@xn--bcher-kva.example', 'ada@xn--bcher-kva.example'],
      ['ada@BU\u0308CHER.example', 'ada@xn--bcher-kva.example'],
      ['ſam@example.org', 'sam@example.org'],
      ['mıke@example.org', 'mıke@example.org'],
      ['ὈΔΥΣΣΕΎΣ@example.org', 'ὀδυσσεύσ@example.org'],
      ['ὀδυσσεύς@example.org', 'ὀδυσσεύσ@example.org'],
      ['a@b.co', 'a@b.co'],
      [`${'x'.repeat(64)}@example.org`, `${'x'.repeat(64)}@example.org`],
      ['', 'email-missing'],
      [' \t ', 'email-missing'],
      ['ada', 'email-without-at'],
      ['@', 'email-local-part'],
      ['ada@', 'email-domain'],
      ['@example.org', 'email-local-part'],
      ['a@b@c.org', 'email-with-several-ats'],
      ['ada@evil.org＠example.org', 'email-with-several-ats'],
      ['"a@b"@example.org', 'email-with-several-ats'],
      ['"ada"@example.org', 'email-local-part'],
      ['ada lovelace@example.org', 'email-characters'],
      ['ada\u00a0l@example.org', 'email-characters'],
      ['ada\0@example.org', 'email-characters'],
      ['ada\r\nbcc:eve@example.org', 'email-characters'],
      ['ad\u200ba@example.org', 'email-characters'],
      ['ad\u00ada@example.org', 'email-characters'],
      ['\u202egro.elpmaxe@ada', 'email-characters'],
      ['ada\ufe0f@example.org', 'email-characters'],
      ['ada\ud83d@example.org', 'email-characters'],
      ['ada\u3164@example.org', 'email-characters'],
      ['.ada@example.org', 'email-local-part'],
      ['ada.@example.org', 'email-local-part'],
      ['a..b@example.org', 'email-local-part'],
      ['ada<script>@example.org', 'email-local-part'],
      ['ada,eve@example.org', 'email-local-part'],
      ['ada;eve@example.org', 'email-local-part'],
      ['ada@example', 'email-domain'],
      ['ada@localhost', 'email-domain'],
      ['ada@.example.org', 'email-domain'],
      ['ada@example.org.', 'email-domain'],
      ['ada@example..org', 'email-domain'],
      ['ada@-example.org', 'email-domain'],
      ['ada@exa_mple.org', 'email-domain'],
      ['ada@example.org:25', 'email-domain'],
      ['ada@example.org/path', 'email-domain'],
      ['ada@example.org?x', 'email-domain'],
      ['ada@%65xample.org', 'email-domain'],
      ['ada@xn--a', 'email-domain'],
      ['ada@[127.0.0.1]', 'email-domain'],
      ['ada@127.0.0.1', 'email-domain'],
      ['ada@0x7f.1', 'email-domain'],
      ['ada@example.123', 'email-domain'],
      [`ada@${'x'.repeat(64)}.org`, 'email-domain'],
      [`${'x'.repeat(65)}@example.org`, 'email-too-long'],
      [`${'é'.repeat(33)}@example.org`, 'email-too-long'],
      [`ada@${'abcdefgh.'.repeat(28)}org`, 'email-too-long'],
      ['x'.repeat(100_000), 'email-too-long'],
    ]);

    it('keeps the spelling that was validated for display', () => {
      expect(accepted('email', ' Ada.Lovelace＠Bücher.example ')).to.deep.equal({
        kind: 'email',
        display: 'Ada.Lovelace@Bücher.example',
        key: 'ada.lovelace@xn--bcher-kva.example',
      });
    });
  });

  describe('usernames', () => {
    judges('username', [
      ['ada', 'ada'],
      [' Ada_Lovelace ', 'ada_lovelace'],
      ['ＡＤＡ', 'ada'],
      ['ﬁnn', 'finn'],
      ['Straße', 'strasse'],
      ['STRAẞE', 'strasse'],
      ['σίσυφος', 'σίσυφοσ'],
      ['ΣΊΣΥΦΟΣ', 'σίσυφοσ'],
      ['иван', 'иван'],
      ['语言', '语言'],
      ['山田タロウ', '山田タロウ'],
      ['محمد', 'محمد'],
      ['a1', 'a1'],
      ['7of9', '7of9'],
      ['a-b.c_d', 'a-b.c_d'],
      ['x'.repeat(64), 'x'.repeat(64)],
      ['', 'username-missing'],
      ['a', 'username-too-short'],
      ['x'.repeat(65), 'username-too-long'],
      ['ß'.repeat(33), 'username-too-long'],
      ['x'.repeat(100_000), 'username-too-long'],
      ['ada lovelace', 'username-characters'],
      ['ada/..', 'username-characters'],
      ['ada%00', 'username-characters'],
      ['ad\u200da', 'username-characters'],
      ['ad\u00ada', 'username-characters'],
      ['ada🦉', 'username-characters'],
      ['<ada>', 'username-characters'],
      ['.ada', 'username-edges'],
      ['ada.', 'username-edges'],
      ['_ada', 'username-edges'],
      ['..', 'username-like-phone'],
      ['ada@example', 'username-like-email'],
      ['ada＠example', 'username-like-email'],
      ['+4930901820', 'username-like-phone'],
      ['030 901820', 'username-like-phone'],
      ['4930901820', 'username-like-phone'],
      ['123', 'username-like-phone'],
      ['0190a1b2-0000-7000-8000-000000000001', 'username-like-id'],
      ['0190A1B200007000800000000000ABCD', 'username-like-id'],
      ['pаypal', 'username-mixed-scripts'],
      ['gοοgle', 'username-mixed-scripts'],
    ]);
  });

  describe('phone numbers', () => {
    judges('phone', [
      ['+4930901820', '+4930901820'],
      [' +49 (30) 90-18.20 ', '+4930901820'],
      ['＋４９３０９０１８２０', '+4930901820'],
      ['+49\u201130\u2013901820', '+4930901820'],
      ['', 'phone-missing'],
      ['030901820', 'phone-without-country-code'],
      ['004930901820', 'phone-without-country-code'],
      ['+0301234567', 'phone-without-country-code'],
      ['+49CALLME', 'phone-characters'],
      ['++4930901820', 'phone-characters'],
      ['+', 'phone-characters'],
      ['+49;ext=1', 'phone-characters'],
      ['+٤٩٣٠٩٠١٨٢٠', 'phone-characters'],
      ['+123456', 'phone-length'],
      ['+1234567890123456', 'phone-length'],
      ['1'.repeat(100_000), 'phone-length'],
    ]);
  });

  it('reads one sign-in field as one kind at most', () => {
    const kinds = ['Ada@example.org', 'ada', '+49 30 901820', '030901820', 'a b', ''].map(
      (input) => recogniseIdentifier(input)?.kind,
    );

    expect(kinds).to.deep.equal(['email', 'username', 'phone', undefined, undefined, undefined]);
  });

  describe('laws', () => {
    /** Half of anything, half of what nearly is an identifier, with the characters that make trouble. */
    const troubles = fc.constantFrom(
      ...[
        'a',
        'Z',
        'ß',
        'ẞ',
        'ı',
        'İ',
        'ſ',
        'ς',
        'Σ',
        'ﬁ',
        'é',
        'e\u0301',
        'ŉ',
        'ᾳ',
        'Ⅷ',
        'ǅ',
        'K',
        '１',
        '.',
        '-',
        '_',
        '@',
        '＠',
        '+',
        ' ',
        '\u0345',
      ],
    );
    const piece = fc.oneof(troubles, fc.string({ unit: 'grapheme', maxLength: 2 }));
    const word = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''));
    const inputs: Readonly<Record<IdentifierKind, fc.Arbitrary<string>>> = {
      email: fc.oneof(
        word,
        fc.tuple(word, word).map(([local, host]) => `${local}@${host}.example`),
        fc.emailAddress(),
      ),
      username: word,
      phone: fc.oneof(word, fc.stringMatching(/^\+?[0-9 ().-]{5,20}$/)),
    };
    const runs = { numRuns: 1_000 };

    for (const kind of ['email', 'username', 'phone'] as const) {
      it(`${kind}: what is normalised stays as it is`, () => {
        fc.assert(
          fc.property(inputs[kind], (input) => {
            const result = accepted(kind, input);
            if (!result) return;
            expect(accepted(kind, result.display)).to.deep.equal(result);
            expect(accepted(kind, result.key)?.key ?? result.key).to.equal(result.key);
          }),
          runs,
        );
      });

      it(`${kind}: no input is two kinds, and none throws`, () => {
        fc.assert(
          fc.property(inputs[kind], (input) => {
            const readings = (['email', 'username', 'phone'] as const).filter((each) => accepted(each, input));
            expect(readings).to.have.length.at.most(1);
          }),
          runs,
        );
      });
    }

    it('every spelling of one name has one key: case, width, composition', () => {
      const spellings: readonly ((text: string) => string)[] = [
        (text) => text.toUpperCase(),
        (text) => text.toLowerCase(),
        (text) => text.normalize('NFD'),
        (text) => text.normalize('NFKD'),
        (text) => ` ${text}\t`,
      ];
      // The dotless ı is the one letter whose capital is another's, and hosts keep ß and ς apart from ss and σ.
      const plainHost = fc
        .tuple(word, fc.stringMatching(/^[a-z]{1,8}$/))
        .map(([local, host]) => `${local}@${host}.example`);
      const cases = fc.oneof(
        word.map((input) => ['username', input] as const),
        plainHost.map((input) => ['email', input] as const),
      );

      fc.assert(
        fc.property(cases, ([kind, input]) => {
          const result = accepted(kind, input);
          if (!result || result.display.includes('ı')) return;
          for (const spell of spellings) {
            const other = accepted(kind, spell(result.display));
            if (other) expect(other.key).to.equal(result.key);
          }
        }),
        runs,
      );
    });
  });
});
