import { expect } from 'chai';
import { defaults, effective, merge, origins, type Overrides } from '../../../src/domain/tenant/settings.js';
import { frozen } from '../../support/deciding.js';

/** As an administrator might send it. */
const parsed = (text: string): Overrides => frozen(JSON.parse(text) as Overrides);

describe('the settings in force', () => {
  it('are the defaults where a tenant says nothing', () => {
    for (const text of ['{}', '{"password":{}}', '{"identifiers":{"email":{}}}']) {
      expect(effective(parsed(text)), text).to.deep.equal(defaults);
    }
  });

  it('differ in what a tenant says, at any depth, and in nothing else', () => {
    expect(effective(parsed('{"identifiers":{"email":{"required":false}},"password":{"history":5}}'))).to.deep.equal({
      ...defaults,
      identifiers: { ...defaults.identifiers, email: { signIn: true, required: false } },
      password: { ...defaults.password, history: 5 },
    });
  });

  it('have the lists of the tenant, which replace and do not add', () => {
    expect(effective(parsed('{"locales":{"supported":["fr"]}}')).locales).to.deep.equal({
      default: 'en',
      supported: ['fr'],
    });
    const attributes = [{ name: 'team', required: true, maxLength: 9, values: [] }];
    expect(effective({ registration: { attributes } }).registration.attributes).to.deep.equal(attributes);
  });

  it('take values that are false, zero or empty for values', () => {
    const { registration, tokens } = effective(
      parsed('{"registration":{"open":false,"attributes":[]},"tokens":{"refreshGraceSeconds":0}}'),
    );
    expect([registration.open, registration.attributes, tokens.refreshGraceSeconds]).to.deep.equal([false, [], 0]);
  });

  it('know only the names that the defaults know', () => {
    const texts = [
      '{"unknown":{"a":1},"password":{"unknown":1}}',
      '{"__proto__":{"password":{"minLength":1}}}',
      '{"password":{"__proto__":{"minLength":1}}}',
      '{"constructor":{"prototype":{"minLength":1}},"toString":1,"hasOwnProperty":1}',
    ];
    for (const text of texts) {
      const settings = effective(parsed(text));
      expect(settings, text).to.deep.equal(defaults);
      expect(Object.getPrototypeOf(settings.password), text).to.equal(Object.prototype);
    }
    expect({}).to.not.have.property('minLength');
  });

  it('do not come from a prototype', () => {
    const inherited = Object.create({ minLength: 8 }) as Record<string, number>;
    expect(effective({ password: inherited })).to.deep.equal(defaults);
  });

  it('never lose their kind: what is of another counts for nothing', () => {
    const texts = [
      'null',
      '[]',
      '"x"',
      '{"password":null}',
      '{"password":5}',
      '{"password":[]}',
      '{"password":{"minLength":null}}',
      '{"password":{"minLength":"20"}}',
      '{"password":{"minLength":{"a":1}}}',
      '{"locales":{"supported":"en"}}',
      '{"locales":{"supported":{"0":"en"}}}',
      '{"registration":{"open":1}}',
    ];
    for (const text of texts) expect(effective(parsed(text)), text).to.deep.equal(defaults);
  });

  it('are merged without touching either side', () => {
    const base = frozen({ group: { a: 1, b: [1] } });
    expect(merge(base, frozen({ group: { b: [2, 3] } }))).to.deep.equal({ group: { a: 1, b: [2, 3] } });
    expect(merge(base, undefined)).to.equal(base);
  });
});

describe('the origins of settings', () => {
  it('name every value by its path, with where it comes from', () => {
    const rows = origins(parsed('{"password":{"minLength":20},"locales":{"supported":["en"]}}'));
    expect(rows['password.minLength']).to.deep.equal({ value: 20, origin: 'tenant' });
    expect(rows['password.classes']).to.deep.equal({ value: 0, origin: 'default' });
    expect(rows['locales.supported']).to.deep.equal({ value: ['en'], origin: 'tenant' });
    expect(rows['identifiers.email.signIn']).to.deep.equal({ value: true, origin: 'default' });
    expect(rows).to.not.have.any.keys('password', 'identifiers.email');
  });

  it("are the tenant's where it says what would be so anyway", () => {
    const { minLength } = defaults.password;
    expect(origins({ password: { minLength } })['password.minLength']).to.deep.equal({
      value: minLength,
      origin: 'tenant',
    });
  });

  it('agree with the settings in force, whatever was said', () => {
    const texts = [
      '{}',
      '{"password":{"minLength":20,"unknown":1},"lockout":{"enabled":false}}',
      '{"password":5,"locales":{"default":null,"supported":{}}}',
      '{"__proto__":{"password":{"minLength":1}}}',
    ];
    for (const text of texts) {
      const overrides = parsed(text);
      for (const [path, { value, origin }] of Object.entries(origins(overrides))) {
        expect(value, `${path} of ${text}`).to.deep.equal(at(effective(overrides), path));
        if (origin === 'default') expect(value, `${path} of ${text}`).to.deep.equal(at(defaults, path));
      }
    }
  });

  it('have one row for each value there is', () => {
    const count = (value: unknown): number =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.values(value).reduce<number>((sum, member) => sum + count(member), 0)
        : 1;
    expect(Object.keys(origins({}))).to.have.length(count(defaults));
  });
});

const at = (settings: unknown, path: string): unknown =>
  path.split('.').reduce((value, name) => (value as Record<string, unknown>)[name], settings);
