import { lockout, type LockoutCommand, type LockoutEvent } from '../../../src/domain/lockout/lockout.js';
import type { UserId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const user = 'ada' as UserId;
const failed = { user, authenticator: 'password', source: 'unknown', failures: 10, at: start } as const;
const locked: LockoutEvent = { type: 'lockout.locked', ...failed, until: after(30) };
const clear: LockoutCommand = { type: 'ClearLockout', user, by: 'administrator', at: after(60) };

describe('the facts of a lockout', () => {
  it('say until when an authenticator is locked', () => {
    given(lockout)
      .when({ type: 'RecordLock', ...failed, until: after(30) })
      .records(locked)
      .leaves({ locked: true, until: after(30) });
  });

  it('say nothing of an end where the authenticator is off, not even that of an earlier lock', () => {
    given(lockout, locked)
      .when({ type: 'RecordLock', ...failed, failures: 100 })
      .records({ type: 'lockout.locked', ...failed, failures: 100 })
      .leaves({ locked: true });
  });

  it('say each time that failures were forgiven, since they count before they lock', () => {
    const cleared: LockoutEvent = { type: 'lockout.cleared', user, by: 'administrator', at: after(60) };
    given(lockout, locked).when(clear).records(cleared).leaves({ locked: false }).again().records(cleared);
    given(lockout)
      .when({ ...clear, by: 'reset' })
      .records({ ...cleared, by: 'reset' });
  });
});
