import { expect } from 'chai';
import { milliseconds } from '../../src/domain/values.js';
import { SystemClock } from '../../src/infrastructure/system-clock.js';

describe('SystemClock', () => {
  it('tells the time in UTC with milliseconds', () => {
    const before = Date.now();
    const now = new SystemClock().now();
    expect(now).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(milliseconds(now)).to.be.within(before, Date.now());
  });
});
