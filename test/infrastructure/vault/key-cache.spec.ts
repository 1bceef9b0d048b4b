import { expect } from 'chai';
import { KeyCache } from '../../../src/infrastructure/vault/key-cache.js';

describe('KeyCache', () => {
  it('keeps what was loaded', () => {
    const cache = new KeyCache<string>();
    cache.put(cache.ticket(), 'a', 'key');
    expect(cache.get('a')).to.equal('key');
  });

  it('does not keep what was loaded while a key was forgotten (PR-07)', () => {
    for (const forget of [
      (cache: KeyCache<string>) => cache.forget('a'),
      (cache: KeyCache<string>) => cache.forgetAll(),
    ]) {
      const cache = new KeyCache<string>();
      const ticket = cache.ticket();
      forget(cache);
      cache.put(ticket, 'a', 'key');
      expect(cache.get('a')).to.equal(undefined);
    }
  });

  it('forgets one name, or all that begin alike', () => {
    const cache = new KeyCache<string>();
    for (const name of ['t1|a', 't1|b', 't2|a']) cache.put(cache.ticket(), name, name);
    cache.forget('t1|a');
    expect(['t1|a', 't1|b', 't2|a'].filter((name) => cache.get(name))).to.deep.equal(['t1|b', 't2|a']);
    cache.forgetAll('t1|');
    expect(['t1|b', 't2|a'].filter((name) => cache.get(name))).to.deep.equal(['t2|a']);
    cache.forgetAll();
    expect(cache.get('t2|a')).to.equal(undefined);
  });

  it('trusts no key for longer than 30 seconds, whatever is asked for', () => {
    let now = 1;
    const cache = new KeyCache<string>(3_600_000, 10, { now: () => now });
    cache.put(cache.ticket(), 'a', 'key');
    now += 29_999;
    expect(cache.get('a')).to.equal('key');
    now += 2;
    expect(cache.get('a')).to.equal(undefined);
  });
});
