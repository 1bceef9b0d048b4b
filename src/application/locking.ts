import { lockout } from '../domain/lockout/lockout.js';
import type { UserId } from '../domain/values.js';
import type { Reservation, Slot } from './ports/attempts.js';
import type { CommandContext } from './ports/event-log.js';
import type { Steps } from './steps.js';
import type { Transactor } from './transactor.js';

type Granted = Extract<Reservation, { granted: true }>;

/** Puts on record that a failure has locked an account. */
export class Locking {
  constructor(
    private readonly transactor: Transactor,
    private readonly steps: Steps,
  ) {}

  /** Of the try that was granted and turned out wrong; nothing happens unless it was one too many. */
  async record(context: CommandContext, { account, authenticator, source }: Slot, granted: Granted): Promise<void> {
    const { until, disabled } = granted.lockIfWrong;
    if (account.kind === 'nobody' || (until === undefined && !disabled)) return;
    const owner: UserId = account.id;
    await this.transactor.transact(lockout, owner, this.steps.of(context, 'lock'), {
      type: 'RecordLock',
      user: owner,
      authenticator,
      source,
      failures: granted.failuresBefore + 1,
      ...(until && { until }),
      at: context.at,
    });
  }
}
