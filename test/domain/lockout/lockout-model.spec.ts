import fc from 'fast-check';
import { type Lockout, type LockoutCommand, type LockoutEvent, lockout } from '../../../src/domain/lockout/lockout.js';
import type { UserId } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Verdict } from '../../support/model.js';
import { after } from '../../support/moments.js';

/** A latch: open, shut until some time, or shut. */
class Latch implements Model<LockoutCommand, LockoutEvent, never, string> {
  private shut = 'open';

  run(command: LockoutCommand): Verdict<never> {
    this.shut = command.type === 'ClearLockout' ? 'open' : (command.until ?? 'shut');
    return ['accepted', 1];
  }

  seen(): string {
    return this.shut;
  }
}

const user = fc.constant('ada' as UserId);

describe('random lockouts', () => {
  agreesWithModel({
    aggregate: lockout,
    commands: fc.oneof(
      fc.record(
        {
          type: fc.constant('RecordLock' as const),
          user,
          authenticator: fc.constant('password'),
          source: fc.constantFrom('unknown', 'device:d1'),
          failures: fc.integer({ min: 3, max: 100 }),
          until: fc.constantFrom(after(30), after(60)),
        },
        { requiredKeys: ['type', 'user', 'authenticator', 'source', 'failures'] },
      ),
      fc.record({ type: fc.constant('ClearLockout' as const), user, by: fc.constantFrom('administrator', 'reset') }),
    ),
    model: () => new Latch(),
    seen: ({ locked, until }: Lockout): string => (locked ? (until ?? 'shut') : 'open'),
  });
});
