import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { leafHash } from '../../../src/infrastructure/event-log/leaf.js';

const leaf = {
  id: 'i',
  type: 't',
  stream: 's',
  revision: 12,
  metadata: Buffer.from('{"v":1}'),
  data: Buffer.from('{"n":"ä"}'),
};

describe('leafHash', () => {
  it('is SHA-256 over a zero byte and the length-prefixed parts', () => {
    const parts = ['i', 't', 's', '12', '{"v":1}', '{"n":"ä"}'].map((part) => Buffer.from(part));
    const expected = createHash('sha256').update(Buffer.of(0));
    for (const part of parts) expected.update(Buffer.from([0, 0, 0, part.length])).update(part);
    expect(leafHash(leaf)).to.deep.equal(expected.digest());
  });

  it('does not confuse where one part ends and the next begins', () => {
    const shifted = { ...leaf, id: 'it', type: '' };
    expect(leafHash(shifted)).not.to.deep.equal(leafHash({ ...leaf, id: 'i', type: 't' }));
  });

  it('takes names that are not ASCII', () => {
    const named = { ...leaf, stream: 'ströme-€' };
    expect(leafHash(named)).to.have.length(32).and.not.deep.equal(leafHash(leaf));
  });
});
