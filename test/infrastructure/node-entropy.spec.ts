import { expect } from 'chai';
import { NodeEntropy } from '../../src/infrastructure/node-entropy.js';

const time = (uuid: string): number => Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);

describe('NodeEntropy', () => {
  const entropy = new NodeEntropy();

  it('makes version 7 UUIDs that carry the clock', () => {
    const now = Date.UTC(2026, 5, 1);
    const uuid = new NodeEntropy(() => now).uuid();
    expect(uuid).to.match(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(time(uuid)).to.equal(now);
  });

  it('makes UUIDs that rise within a millisecond, beyond its counter, and when the clock steps back', () => {
    let now = 1_800_000_000_000;
    const stepping = new NodeEntropy(() => now);
    const uuids = Array.from({ length: 10_000 }, () => stepping.uuid());
    now -= 3_600_000;
    uuids.push(...Array.from({ length: 10_000 }, () => stepping.uuid()));
    now += 7_200_000;
    uuids.push(stepping.uuid());
    expect(uuids).to.deep.equal([...uuids].sort());
    expect(new Set(uuids)).to.have.property('size', uuids.length);
    expect(time(uuids.at(-1) ?? '')).to.equal(now);
  });

  it('gives as many bytes as asked for, different each time', () => {
    expect(entropy.bytes(20)).to.have.length(20);
    expect(entropy.bytes(20)).not.to.deep.equal(entropy.bytes(20));
  });

  it('gives every digit as often as any other', () => {
    const counts = new Map<string, number>();
    for (const digit of entropy.digits(20_000)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    expect([...counts.keys()].sort().join('')).to.equal('0123456789');
    // 2,000 expected, standard deviation 42: eight of them happen by chance once in 10^14 runs.
    for (const count of counts.values()) expect(count).to.be.within(1_660, 2_340);
  });

  it('gives tokens of at least the bits asked for, every character as often as any other', () => {
    expect(entropy.token(160)).to.match(/^[\dA-Za-z]{27}$/);
    expect(entropy.token(128)).to.match(/^[\dA-Za-z]{22}$/);
    const counts = new Map<string, number>();
    for (const character of entropy.token(62 * 2_000 * 5.954)) counts.set(character, (counts.get(character) ?? 0) + 1);
    expect(counts).to.have.property('size', 62);
    for (const count of counts.values()) expect(count).to.be.within(1_640, 2_360);
  });

  it('does not repeat a token in 100,000', () => {
    expect(new Set(Array.from({ length: 100_000 }, () => entropy.token(160)))).to.have.property('size', 100_000);
  });
});
