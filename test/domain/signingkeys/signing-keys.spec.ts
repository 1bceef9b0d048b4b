import { expect } from 'chai';
import {
  keyInRole,
  type SigningAlgorithm,
  type SigningKey,
  signingKeys,
  type SigningKeysCommand,
  type SigningKeysEvent,
} from '../../../src/domain/signingkeys/signing-keys.js';
import { type KeyId, tenantSecret } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const key = (id: string, algorithm: SigningAlgorithm = 'ES256') =>
  ({
    key: id as KeyId,
    algorithm,
    publicKey: { kty: 'EC', x: id },
    privateKey: tenantSecret(id as KeyId, { kty: 'EC', d: id }),
    at: start,
  }) as const;

const add = (made: ReturnType<typeof key>): SigningKeysCommand => ({ type: 'AddSigningKey', ...made });
const promote = (id: string): SigningKeysCommand => ({ type: 'PromoteSigningKey', key: id as KeyId, at: after(60) });
const retire = (id: string, reason: 'rotated' | 'compromised' = 'rotated'): SigningKeysCommand => ({
  type: 'RetireSigningKey',
  key: id as KeyId,
  reason,
  at: after(90),
});

const generated = (made: ReturnType<typeof key>): SigningKeysEvent => ({ type: 'signing-key.generated', ...made });
const promoted = (id: string, algorithm: SigningAlgorithm = 'ES256', at = start): SigningKeysEvent => ({
  type: 'signing-key.promoted',
  key: id as KeyId,
  algorithm,
  at,
});
const retired = (id: string, reason: 'rotated' | 'compromised' = 'rotated'): SigningKeysEvent => ({
  type: 'signing-key.retired',
  key: id as KeyId,
  reason,
  at: after(90),
});

const [k1, k2, k3] = [key('k1'), key('k2'), key('k3')];
const first = [generated(k1), promoted('k1')];
const announced = [...first, generated(k2)];
const rotated = [...announced, promoted('k2', 'ES256', after(60))];

const inRole = (made: ReturnType<typeof key>, status: SigningKey['status'], since = start): SigningKey => ({
  ...made,
  status,
  since,
});

describe('signing keys', () => {
  describe('are added', () => {
    it('the first of an algorithm signs at once', () => {
      given(signingKeys)
        .when(add(k1))
        .records(generated(k1), promoted('k1'))
        .leaves({ keys: [inRole(k1, 'current')] })
        .again()
        .recordsNothing();
    });

    it('a later one is published first', () => {
      given(signingKeys, ...first)
        .when(add(k2))
        .records(generated(k2))
        .leaves({ keys: [inRole(k1, 'current'), inRole(k2, 'next')] })
        .again()
        .recordsNothing();
    });

    it('one at a time', () => {
      given(signingKeys, ...announced)
        .when(add(k3))
        .rejects('next-key-exists');
    });

    it('for each algorithm by itself', () => {
      const other = key('r1', 'RS256');
      given(signingKeys, ...announced)
        .when(add(other))
        .records(generated(other), promoted('r1', 'RS256'))
        .leaves({ keys: [inRole(k1, 'current'), inRole(k2, 'next'), inRole(other, 'current')] });
    });

    it('once: a key that is there, in whatever role and for whatever algorithm, is not added again', () => {
      for (const known of [k1, k2]) {
        given(signingKeys, ...rotated)
          .when(add(known))
          .recordsNothing();
        given(signingKeys, ...rotated)
          .when(add({ ...known, algorithm: 'RS256' }))
          .recordsNothing();
      }
    });
  });

  describe('are promoted', () => {
    it('the next one becomes current, and the current one stays published as previous', () => {
      given(signingKeys, ...announced)
        .when(promote('k2'))
        .records(promoted('k2', 'ES256', after(60)))
        .leaves({ keys: [inRole(k1, 'previous', after(60)), inRole(k2, 'current', after(60))] })
        .again()
        .recordsNothing();
    });

    it('without a word to keys of other algorithms', () => {
      const other = key('r1', 'RS256');
      given(signingKeys, ...announced, generated(other), promoted('r1', 'RS256'))
        .when(promote('k2'))
        .records(promoted('k2', 'ES256', after(60)))
        .leaves({
          keys: [inRole(k1, 'previous', after(60)), inRole(k2, 'current', after(60)), inRole(other, 'current')],
        });
    });

    it('never backwards, and none that is unknown', () => {
      given(signingKeys, ...rotated)
        .when(promote('k1'))
        .rejects('no-such-key');
      given(signingKeys, ...rotated)
        .when(promote('k9'))
        .rejects('no-such-key');
    });
  });

  describe('are retired', () => {
    it('when they are previous or next, and are gone then', () => {
      given(signingKeys, ...rotated)
        .when(retire('k1'))
        .records(retired('k1'))
        .leaves({ keys: [inRole(k2, 'current', after(60))] })
        .again()
        .recordsNothing();
      given(signingKeys, ...announced)
        .when(retire('k2', 'compromised'))
        .records(retired('k2', 'compromised'))
        .leaves({ keys: [inRole(k1, 'current')] });
    });

    it('not while they sign, compromised or not', () => {
      for (const reason of ['rotated', 'compromised'] as const) {
        given(signingKeys, ...rotated)
          .when(retire('k2', reason))
          .rejects('key-in-use');
      }
    });

    it('once', () => {
      given(signingKeys).when(retire('k1')).recordsNothing();
    });
  });

  it('are found by algorithm and role', () => {
    const keys = { keys: [inRole(k1, 'current'), inRole(k2, 'next')] };
    expect(keyInRole(keys, 'ES256', 'current')).to.have.property('key', 'k1');
    expect(keyInRole(keys, 'ES256', 'next')).to.have.property('key', 'k2');
    expect(keyInRole(keys, 'ES256', 'previous')).to.equal(undefined);
    expect(keyInRole(keys, 'RS256', 'current')).to.equal(undefined);
  });
});
