import { expect } from 'chai';
import { publicKey } from '../../../src/domain/client/details.js';
import { kindOf, usually } from '../../../src/domain/client/kinds.js';
import { ownMetadata, wrongAddresses } from '../../../src/domain/client/metadata.js';

describe('what a client says of itself', () => {
  it('holds public keys alone: one with anything private is none', () => {
    const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'one' };
    expect(publicKey({ ...key, $ref: 'more', x5u: 'https://a.example' })).to.deep.equal(key);
    for (const name of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])
      expect(publicKey({ ...key, [name]: 'x' }), name).to.equal(undefined);
    expect(publicKey({ kty: 'oct', k: 'x' })).to.equal(undefined);
    expect(publicKey({ kty: 'oct' })).to.equal(undefined);
    expect(publicKey({ ...key, x: 7 })).to.equal(undefined);
    expect(publicKey({ ...key, x: 'x'.repeat(2_049) })).to.equal(undefined);
    expect(publicKey({})).to.equal(undefined);
  });

  it('holds addresses that are ones, of https wherever the service or a browser fetches them', () => {
    const metadata = {
      ...ownMetadata(true),
      applicationType: 'native' as const,
      redirectUris: ['com.example.app:/cb', 'http://evil.example/'],
      jwksUri: 'http://127.0.0.1/keys',
      logoUri: 'javascript:alert(1)',
      tosUri: 'https://shop.example/terms',
    };
    expect(wrongAddresses(metadata)).to.deep.equal([
      { field: 'redirectUris', index: 1, refusal: 'host-not-allowed' },
      { field: 'logoUri', refusal: 'scheme-not-allowed' },
      { field: 'jwksUri', refusal: 'scheme-not-allowed' },
    ]);
  });

  it('tells its kind, of which each has its usual values', () => {
    for (const kind of ['web', 'spa', 'native', 'machine'] as const) expect(kindOf(usually[kind])).to.equal(kind);
  });
});
