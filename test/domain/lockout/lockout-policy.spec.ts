import { expect } from 'chai';
import fc from 'fast-check';
import { delaySeconds, delays, isLocked, lockAfter } from '../../../src/domain/lockout/lockout-policy.js';
import { defaults } from '../../../src/domain/tenant/settings.js';
import { instant, plusSeconds } from '../../../src/domain/values.js';

const policy = defaults.lockout;
const last = instant(0);

describe('the lockout policy', () => {
  it('costs nothing below the threshold, then 30 s, doubling up to an hour (NI-05)', () => {
    const table: readonly [number, number][] = [
      [0, 0],
      [9, 0],
      [10, 30],
      [11, 60],
      [12, 120],
      [13, 240],
      [14, 480],
      [15, 960],
      [16, 1_920],
      [17, 3_600],
      [99, 3_600],
    ];

    for (const [failures, seconds] of table) expect(delaySeconds(policy, failures), `${failures}`).to.equal(seconds);
  });

  it('lists the delays as far as they grow', () => {
    const settings = fc.record({
      threshold: fc.integer({ min: 1, max: 100 }),
      firstDelaySeconds: fc.integer({ min: 0, max: 7_200 }),
      maxDelaySeconds: fc.integer({ min: 0, max: 86_400 }),
      failures: fc.integer({ min: 0, max: 300 }),
    });

    fc.assert(
      fc.property(settings, ({ failures, ...limits }) => {
        const list = delays({ ...policy, ...limits });
        expect(list[Math.min(failures, list.length - 1)]).to.equal(delaySeconds({ ...policy, ...limits }, failures));
      }),
    );
  });

  it('turns the authenticator off at the hard limit, whatever the window holds', () => {
    expect(lockAfter(policy, { inWindow: 1, consecutive: 99, last })).to.deep.equal({ disabled: false });
    expect(lockAfter(policy, { inWindow: 1, consecutive: 100, last })).to.deep.equal({ disabled: true });
  });

  it('locks up to its end and not at it', () => {
    const lock = lockAfter(policy, { inWindow: 10, consecutive: 10, last });

    expect(lock).to.deep.equal({ until: plusSeconds(last, 30), disabled: false });
    expect(isLocked(lock, plusSeconds(last, 29.999))).to.equal(true);
    expect(isLocked(lock, plusSeconds(last, 30))).to.equal(false);
    expect(isLocked({ disabled: true }, plusSeconds(last, 1e9))).to.equal(true);
  });

  it('locks nobody where a tenant turned it off', () => {
    expect(lockAfter({ ...policy, enabled: false }, { inWindow: 200, consecutive: 200, last })).to.deep.equal({
      disabled: false,
    });
  });
});
