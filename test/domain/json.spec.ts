import { expect } from 'chai';
import fc from 'fast-check';
import { isRecord, sameJson } from '../../src/domain/json.js';

/** Its members in another order, at every depth. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, turned(member)]));
}

describe('JSON values', () => {
  it('are the same whatever the order of their members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(sameJson(value, turned(value))).to.equal(true);
      }),
    );
  });

  it('differ by order in lists, by kind, by missing members', () => {
    const different: readonly (readonly [unknown, unknown])[] = [
      [
        [1, 2],
        [2, 1],
      ],
      [[1], [1, 2]],
      [{ a: 1 }, { a: '1' }],
      [{ a: 1 }, { a: 1, b: null }],
      [{ 0: 'a' }, ['a']],
      [{}, []],
      [{}, null],
      [null, undefined],
      [{ a: { b: 1 } }, { a: { b: 2 } }],
      [{ toString: undefined, a: 1 }, { a: 2 }],
    ];
    for (const [left, right] of different) {
      expect(sameJson(left, right), JSON.stringify([left, right])).to.equal(false);
      expect(sameJson(right, left), JSON.stringify([right, left])).to.equal(false);
    }
  });

  it('do not have members that are undefined or inherited', () => {
    expect(sameJson({ a: 1, b: undefined }, { a: 1 })).to.equal(true);
    expect(sameJson({ constructor: 'x' }, {})).to.equal(false);
    expect(sameJson(undefined, undefined)).to.equal(true);
  });
});
