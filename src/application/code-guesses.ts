import type { LockoutPolicy } from '../domain/tenant/settings.js';
import { CommandRejected, tooManyAttempts } from './command-rejected.js';
import type { Locking } from './locking.js';
import type { AttemptAccount, Attempts, Slot } from './ports/attempts.js';
import type { CommandContext } from './ports/event-log.js';
import type { TenantPolicy } from './tenants.js';

/**
 * Six digits can be guessed: few tries end a code, and guesses over all codes of an account are counted before they are judged, also where
 * the tenant does without lockouts of passwords (NIST SP 800-63B-4 section 3.2.2). Links are not guessed and stay out of this.
 */
export class CodeGuesses {
  constructor(
    private readonly attempts: Attempts,
    private readonly locking: Locking,
  ) {}

  /** @throws CommandRejected invalid-proof, too-many-attempts */
  async judge<T>(
    context: CommandContext,
    policy: TenantPolicy,
    account: AttemptAccount,
    authenticator: 'email-code' | 'sms-code',
    verdict: () => Promise<T | undefined>,
  ): Promise<T> {
    const { tenant, at } = context;
    const slot: Slot = { tenant, account, authenticator, source: 'unknown' };
    const reservation = await this.attempts.reserve(slot, always(policy.settings.lockout), at);
    if (!reservation.granted) throw tooManyAttempts(at, reservation.retryAt);
    const right = await verdict().catch(async (error: unknown) => {
      await this.attempts.unverified(slot, at);
      throw error;
    });
    if (right === undefined) {
      await this.locking.record(context, slot, reservation);
      throw new CommandRejected('invalid-proof');
    }
    await this.attempts.succeeded(slot);
    return right;
  }
}

const always = (lockout: LockoutPolicy): LockoutPolicy => ({ ...lockout, enabled: true });
