import { inspect } from 'node:util';
import { expect } from 'chai';
import {
  type CredentialId,
  type Instant,
  instant,
  type KeyId,
  milliseconds,
  personal,
  plusSeconds,
  reveal,
  Sealed,
  secondsBetween,
  secret,
  tenantSecret,
  trace,
  type UserId,
} from '../../src/domain/values.js';
import { asStored } from '../support/as-stored.js';
import { inClear } from '../support/in-clear.js';

const ada = 'ada' as UserId;

describe('instants', () => {
  it('count milliseconds and are written in UTC', () => {
    expect(instant(1_772_355_600_123)).to.equal('2026-03-01T09:00:00.123Z');
    expect(milliseconds('2026-03-01T09:00:00.123Z' as Instant)).to.equal(1_772_355_600_123);
  });

  it('are told apart and moved in seconds', () => {
    const at = '2026-02-28T23:59:59.500Z' as Instant;
    expect(plusSeconds(at, 0.5)).to.equal('2026-03-01T00:00:00.000Z');
    expect(plusSeconds(at, -60)).to.equal('2026-02-28T23:58:59.500Z');
    expect(secondsBetween(at, plusSeconds(at, 90))).to.equal(90);
    expect(secondsBetween(plusSeconds(at, 90), at)).to.equal(-90);
  });

  it('stand in the order of their text', () => {
    const moments = [0, 999, 1_000, 951_868_799_999, 951_868_800_000, 1_772_355_600_123, 253_402_300_799_999];
    const texts = moments.map(instant);
    expect([...texts].sort()).to.deep.equal(texts);
  });
});

describe('sealed values', () => {
  const address = personal(ada, 'ada@example.org');

  it('are opened by those who ask for it', () => {
    expect(reveal(address)).to.equal('ada@example.org');
    expect(reveal(undefined)).to.equal(undefined);
    expect(reveal(new Sealed('person', ada, undefined))).to.equal(undefined);
  });

  it('are told by nobody else: not as JSON, not as text, not in a log', () => {
    expect(() => JSON.stringify({ address })).to.throw(TypeError, 'a person value must not be serialised');
    expect(`${address}`).to.equal('[sealed]');
    expect(inspect({ address })).to.equal('{ address: [sealed person] }');
  });

  it('name the key that protects them: of a person, a credential, a tenant, or the month of a trace', () => {
    const keyOf = ({ scope, key }: Sealed<unknown>) => `${scope} ${key}`;
    expect(keyOf(address)).to.equal('person ada');
    expect(keyOf(secret('c1' as CredentialId, 'x'))).to.equal('credential c1');
    expect(keyOf(tenantSecret('k1' as KeyId, 'x'))).to.equal('tenant k1');
    expect(keyOf(trace('2026-02-28T23:59:59.999Z' as Instant, 'x'))).to.equal('trace 2026-02');
  });

  it('differ for the specs when anything about them differs', () => {
    const others = [
      personal(ada, 'ada@example.com'),
      personal('bob' as UserId, 'ada@example.org'),
      new Sealed('credential', ada, 'ada@example.org'),
      new Sealed('person', ada, undefined),
      { scope: 'person', key: ada, value: 'ada@example.org' },
    ];
    for (const other of others) expect(inClear([other])).to.not.deep.equal(inClear([address]));
    expect(inClear([personal(ada, 'ada@example.org')])).to.deep.equal(inClear([address]));
  });

  it('come back from storage as they were', () => {
    const stored = asStored({ one: address, none: undefined, more: [personal(ada, { deep: address })] });
    expect(stored).to.deep.equal({ one: address, more: [personal(ada, { deep: address })] });
    expect(stored.one).to.be.instanceOf(Sealed);
  });
});
