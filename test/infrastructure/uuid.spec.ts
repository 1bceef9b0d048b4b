import { expect } from 'chai';
import { uuidV5 } from '../../src/infrastructure/uuid.js';

const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

describe('uuidV5', () => {
  it('gives the example of RFC 9562 appendix A.4', () => {
    expect(uuidV5(dns, 'www.example.com')).to.equal('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('depends on namespace and name, and takes any text', () => {
    const ids = [uuidV5(dns, 'a'), uuidV5(dns, 'b'), uuidV5(uuidV5(dns, 'a'), 'a'), uuidV5(dns, 'ä|€')];
    expect(new Set(ids)).to.have.property('size', 4);
    for (const id of ids) expect(id).to.match(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});
