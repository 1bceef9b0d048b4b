import { expect } from 'chai';
import { defaults, type Overrides } from '../../../src/domain/tenant/settings.js';
import { checkOverrides } from '../../../src/domain/tenant/settings-check.js';
import type { SettingsProblem } from '../../../src/domain/tenant/settings-problem.js';

const found = (overrides: unknown): readonly string[] =>
  checkOverrides(overrides as Overrides).map(({ pointer, code }) => `${pointer} ${code}`);
const parsed = (text: string): unknown => JSON.parse(text);

const day = 86_400;
/** Every number with its range, and with what else has to be said so that nothing but the range is in question. */
const ranges: readonly (readonly [
  group: keyof Overrides,
  name: string,
  least: number,
  most: number,
  beside?: object,
])[] = [
  ['password', 'minLength', 8, 128],
  ['password', 'maxLength', 64, 1_024],
  ['password', 'classes', 0, 4],
  ['password', 'history', 0, 24],
  ['password', 'maxAgeDays', 0, 3_650],
  ['password', 'minScore', 0, 4],
  ['lockout', 'threshold', 3, 100],
  ['lockout', 'windowSeconds', 60, 30 * day],
  ['lockout', 'firstDelaySeconds', 1, day, { maxDelaySeconds: 7 * day }],
  ['lockout', 'maxDelaySeconds', 1, 7 * day, { firstDelaySeconds: 1 }],
  ['lockout', 'hardLimit', 3, 100, { threshold: 3 }],
  ['session', 'absoluteSeconds', 60, 365 * day],
  ['session', 'idleSeconds', 60, 365 * day],
  ['tokens', 'accessSeconds', 10, day],
  ['tokens', 'refreshIdleSeconds', 60, 365 * day],
  ['tokens', 'refreshAbsoluteSeconds', 60, 365 * day],
  ['tokens', 'refreshGraceSeconds', 0, 10],
  ['verification', 'linkSeconds', 60, 30 * day],
  ['verification', 'codeSeconds', 30, 600],
  ['verification', 'perHour', 1, 100],
  ['clientRegistration', 'maxClients', 0, 100_000],
];

describe('the check of settings', () => {
  it('has nothing to say of the defaults, said or unsaid', () => {
    expect(found({})).to.deep.equal([]);
    expect(found(defaults)).to.deep.equal([]);
  });

  describe('keeps numbers in their ranges', () => {
    for (const [group, name, least, most, beside] of ranges) {
      const saying = (value: number) => found({ [group]: { ...beside, [name]: value } });

      it(`/${group}/${name}: ${least} to ${most}`, () => {
        const outside = `/${group}/${name} out-of-range`;
        expect(saying(least)).to.deep.equal([]);
        expect(saying(most)).to.deep.equal([]);
        expect(saying(least - 1)).to.include(outside);
        expect(saying(most + 1)).to.include(outside);
        expect(saying(-1)).to.include(outside);
      });
    }

    it('for every number there is', () => {
      const numbers = Object.entries(defaults).flatMap(([group, settings]) =>
        Object.entries(settings)
          .filter(([, value]) => typeof value === 'number')
          .map(([name]) => `/${group}/${name}`),
      );
      expect(ranges.map(([group, name]) => `/${group}/${name}`)).to.have.members(numbers);
    });

    it('and says which', () => {
      const problems: readonly SettingsProblem[] = [
        { pointer: '/password/minLength', code: 'out-of-range', message: 'From 8 to 128.' },
      ];
      expect(checkOverrides({ password: { minLength: 7 } })).to.deep.equal(problems);
    });
  });

  describe('minds how values belong together', () => {
    const broken: readonly (readonly [what: string, overrides: Overrides, problem: string])[] = [
      [
        'nothing to sign in with',
        { identifiers: { email: { signIn: false }, username: { signIn: false }, phone: { signIn: false } } },
        '/identifiers out-of-range',
      ],
      [
        'a hard limit below the threshold',
        { lockout: { threshold: 10, hardLimit: 9 } },
        '/lockout/hardLimit out-of-range',
      ],
      [
        'a longest delay below the first',
        { lockout: { firstDelaySeconds: 60, maxDelaySeconds: 59 } },
        '/lockout/maxDelaySeconds out-of-range',
      ],
      [
        'a longest password below the shortest',
        { password: { minLength: 65, maxLength: 64 } },
        '/password/maxLength out-of-range',
      ],
      [
        'a policy that applies at no known moment',
        { password: { appliesAt: 'never' as 'change' } },
        '/password/appliesAt out-of-range',
      ],
      [
        'registration for nobody knows whom',
        { clientRegistration: { mode: 'maybe' as 'off' } },
        '/clientRegistration/mode out-of-range',
      ],
      [
        'a grant type that there is not',
        { clientRegistration: { grantTypes: ['implicit' as 'authorization_code'] } },
        '/clientRegistration/grantTypes out-of-range',
      ],
      [
        'a method that there is not',
        { clientRegistration: { authenticationMethods: ['magic' as 'none'] } },
        '/clientRegistration/authenticationMethods out-of-range',
      ],
      [
        'scopes that are none',
        { clientRegistration: { scopes: ['two words'] } },
        '/clientRegistration/scopes out-of-range',
      ],
      ['a default locale that is not supported', { locales: { default: 'fr' } }, '/locales/default out-of-range'],
      ['supported locales without the default', { locales: { supported: ['de'] } }, '/locales/default out-of-range'],
    ];
    for (const [what, overrides, problem] of broken) {
      it(`refuses ${what}`, () => expect(found(overrides)).to.deep.equal([problem]));
    }

    it('and accepts what just fits', () => {
      const fitting: readonly Overrides[] = [
        { identifiers: { email: { signIn: false }, phone: { signIn: false } } },
        { lockout: { threshold: 10, hardLimit: 10 } },
        { lockout: { firstDelaySeconds: 60, maxDelaySeconds: 60 } },
        { password: { minLength: 64, maxLength: 64 } },
        { password: { appliesAt: 'sign-in' } },
        { locales: { default: 'de', supported: ['de'] } },
      ];
      for (const overrides of fitting) expect(found(overrides), JSON.stringify(overrides)).to.deep.equal([]);
    });

    it('and tells everything that is wrong at once', () => {
      const overrides = { password: { minLength: 7, history: 25 }, lockout: { threshold: 50, hardLimit: 49 } };
      expect(found(overrides)).to.have.members([
        '/password/minLength out-of-range',
        '/password/history out-of-range',
        '/lockout/hardLimit out-of-range',
      ]);
    });
  });

  describe('knows every setting', () => {
    it('and none beside, wherever it stands', () => {
      expect(found({ passwords: {} })).to.deep.equal(['/passwords unknown-setting']);
      expect(found({ password: { length: 8 }, lockout: { on: true } })).to.deep.equal([
        '/password/length unknown-setting',
        '/lockout/on unknown-setting',
      ]);
      expect(found({ identifiers: { email: { signin: true } } })).to.deep.equal([
        '/identifiers/email/signin unknown-setting',
      ]);
    });

    it('and none that every object inherits', () => {
      const texts: readonly (readonly [string, string])[] = [
        ['{"__proto__":{"password":{"minLength":1}}}', '/__proto__ unknown-setting'],
        ['{"password":{"__proto__":{"minLength":1}}}', '/password/__proto__ unknown-setting'],
        ['{"constructor":{}}', '/constructor unknown-setting'],
        ['{"password":{"toString":1}}', '/password/toString unknown-setting'],
        ['{"identifiers":{"hasOwnProperty":{"signIn":true}}}', '/identifiers/hasOwnProperty unknown-setting'],
      ];
      for (const [text, problem] of texts) expect(found(parsed(text)), text).to.deep.equal([problem]);
    });

    it('and points at names with strokes and tildes as RFC 6901 section 3 asks', () => {
      expect(found({ 'a/b~c': 1 })).to.deep.equal(['/a~1b~0c unknown-setting']);
    });
  });

  describe('knows the kind of every value', () => {
    const groups = [null, 5, 'x', true, []];
    const kinds: readonly (readonly [pointer: string, say: (value: unknown) => unknown, wrong: readonly unknown[]])[] =
      [
        ['', (value) => value, groups],
        ['/password', (value) => ({ password: value }), groups],
        ['/identifiers/email', (value) => ({ identifiers: { email: value } }), groups],
        [
          '/password/minLength',
          (value) => ({ password: { minLength: value } }),
          [null, '20', true, [], {}, 20.5, Number.NaN, Number.POSITIVE_INFINITY],
        ],
        ['/registration/open', (value) => ({ registration: { open: value } }), [null, 0, 1, 'true', [], {}]],
        ['/locales/default', (value) => ({ locales: { default: value } }), [null, 1, true, ['en'], {}]],
        [
          '/locales/supported',
          (value) => ({ locales: { supported: value } }),
          [null, 'en', [], [1], ['en', null], [['en']], { 0: 'en' }, ['en', 'x'.repeat(65)], Array(51).fill('en')],
        ],
      ];
    for (const [pointer, say, wrong] of kinds) {
      it(`of ${pointer || 'the whole'}`, () => {
        for (const value of wrong) expect(found(say(value)), String(value)).to.deep.equal([`${pointer} wrong-type`]);
      });
    }

    it('and says nothing about ranges until the kinds are right', () => {
      expect(found({ password: { minLength: 1, classes: 'two' } })).to.deep.equal(['/password/classes wrong-type']);
    });
  });

  it('VC-29: an administrator names as a language what would be a header field, a script or an inherited name; none is one', () => {
    const say = (tag: string) => found({ locales: { default: tag, supported: [tag] } });
    for (const tag of ['en', 'de', 'pt-BR', 'zh-Hant-TW', 'gsw', 'de-CH-1996']) expect(say(tag), tag).to.deep.equal([]);
    for (const tag of [
      '',
      'e',
      'x\r\nBcc: eve@example.org',
      'en\n',
      '<script>',
      '__proto__',
      'en_US',
      '../../x',
      'en-',
    ]) {
      expect(say(tag), JSON.stringify(tag)).to.deep.equal(['/locales/supported out-of-range']);
    }
  });

  describe('knows the shape of attributes', () => {
    const rule = { name: 'team', required: false, maxLength: 100, values: ['a', 'b'] };
    const say = (...attributes: readonly unknown[]) => found({ registration: { attributes } });

    it('which may be none, or up to fifty', () => {
      expect(say()).to.deep.equal([]);
      expect(
        say(rule, { ...rule, name: 'x', values: [], maxLength: 1 }, { ...rule, name: 'y', maxLength: 2_000 }),
      ).to.deep.equal([]);
      const many = Array.from({ length: 51 }, (_, index) => ({ ...rule, name: `a${index}` }));
      expect(say(...many.slice(1))).to.deep.equal([]);
      expect(say(...many)).to.deep.equal(['/registration/attributes wrong-type']);
      expect(found({ registration: { attributes: {} } })).to.deep.equal(['/registration/attributes wrong-type']);
    });

    it('each with four members', () => {
      const { values: _, ...without } = rule;
      for (const one of [null, 'team', [], {}, without, { ...rule, more: 1 }])
        expect(say(one), JSON.stringify(one)).to.deep.equal(['/registration/attributes/0 wrong-type']);
    });

    it('each with a name of its own, and a length', () => {
      const wrong: readonly (readonly [field: string, code: string, values: readonly unknown[]])[] = [
        ['name', 'wrong-type', ['', '1st', '__proto__', 'a b', `a${'b'.repeat(64)}`, 5, null]],
        ['required', 'wrong-type', ['yes', 1, null]],
        ['maxLength', 'out-of-range', [0, 2_001, 1.5, '9', null]],
      ];
      for (const [field, code, values] of wrong)
        for (const value of values)
          expect(say({ ...rule, [field]: value }), String(value)).to.deep.equal([
            `/registration/attributes/0/${field} ${code}`,
          ]);
      expect(say(rule, rule)).to.deep.equal(['/registration/attributes/1/name out-of-range']);
    });

    it('and says of each all that is wrong', () => {
      expect(say({ name: 5, required: 5, maxLength: 0, values: 5 }, { ...rule, name: '' })).to.deep.equal([
        '/registration/attributes/0/name wrong-type',
        '/registration/attributes/0/required wrong-type',
        '/registration/attributes/0/maxLength out-of-range',
        '/registration/attributes/0/values wrong-type',
        '/registration/attributes/1/name wrong-type',
      ]);
    });

    it('whose values are up to a hundred texts of up to 200 characters, none longer than the attribute', () => {
      const values = (...texts: readonly unknown[]) => say({ ...rule, maxLength: 2_000, values: texts });
      const numbered = (count: number) => Array.from({ length: count }, (_none, index) => `v${index}`);
      expect(values()).to.deep.equal([]);
      expect(values(...numbered(100))).to.deep.equal([]);
      expect(values('x'.repeat(200), 'x')).to.deep.equal([]);
      expect(values(...numbered(101))).to.deep.equal(['/registration/attributes/0/values out-of-range']);
      expect(values('a', 'x'.repeat(201), '')).to.deep.equal(['/registration/attributes/0/values/1 out-of-range']);
      expect(values('')).to.deep.equal(['/registration/attributes/0/values/0 out-of-range']);
      for (const one of [1, null, ['a'], {}])
        expect(values('a', one)).to.deep.equal(['/registration/attributes/0/values/1 wrong-type']);
      for (const one of ['a', {}, null, 1])
        expect(say({ ...rule, values: one })).to.deep.equal(['/registration/attributes/0/values wrong-type']);
      expect(say({ ...rule, maxLength: 3, values: ['abc', 'abcd'] })).to.deep.equal([
        '/registration/attributes/0/values/1 out-of-range',
      ]);
    });
  });
});
