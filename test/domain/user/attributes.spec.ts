import { expect } from 'chai';
import type { AttributeRule } from '../../../src/domain/tenant/settings.js';
import { checkAttributes } from '../../../src/domain/user/attributes.js';

const rules: readonly AttributeRule[] = [
  { name: 'team', required: true, maxLength: 7, values: [] },
  { name: 'floor', required: false, maxLength: 100, values: ['1', '2'] },
];
const found = (attributes: Readonly<Record<string, unknown>>) =>
  checkAttributes(rules, attributes).map(({ name, code }) => `${name} ${code}`);

describe("attributes by the tenant's schema", () => {
  it('are right where they keep to it', () => {
    for (const attributes of [{ team: 'engines' }, { team: '', floor: '1' }, { team: 1, floor: 2 }, { team: false }]) {
      expect(found(attributes), JSON.stringify(attributes)).to.deep.equal([]);
    }
  });

  it('are wrong one by one', () => {
    const wrong: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
      [{}, 'team attribute-required'],
      [{ team: null }, 'team attribute-required'],
      [{ team: 'engineer' }, 'team attribute-too-long'],
      [{ team: 'x', floor: '3' }, 'floor attribute-value'],
      [{ team: 'x', floor: 1.5 }, 'floor attribute-value'],
      [{ team: 'x', shoe: 42 }, 'shoe attribute-unknown'],
      [JSON.parse('{"team":"x","__proto__":"y"}') as Record<string, unknown>, '__proto__ attribute-unknown'],
      [{ team: 'x', constructor: 'y' }, 'constructor attribute-unknown'],
    ];
    for (const [attributes, problem] of wrong) expect(found(attributes), problem).to.deep.equal([problem]);
  });

  it('are wrong all at once', () => {
    expect(found({ shoe: 42, floor: '9' })).to.deep.equal([
      'shoe attribute-unknown',
      'team attribute-required',
      'floor attribute-value',
    ]);
  });

  it('are not inherited, and a schema of none allows none', () => {
    expect(found(Object.create({ team: 'x' }) as Record<string, unknown>)).to.deep.equal(['team attribute-required']);
    expect(checkAttributes([], {})).to.deep.equal([]);
    expect(checkAttributes([], { team: 'x' })).to.have.length(1);
  });
});
