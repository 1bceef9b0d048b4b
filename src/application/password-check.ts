import { credentials } from '../domain/credentials/credentials.js';
import type { Credentials } from '../domain/credentials/state.js';
import { type DeviceId, reveal, type UserId } from '../domain/values.js';
import { tooManyAttempts } from './command-rejected.js';
import type { Attempts, Slot } from './ports/attempts.js';
import type { CommandContext } from './ports/event-log.js';
import type { PasswordHasher } from './ports/password-hasher.js';
import type { Steps } from './steps.js';
import type { TenantPolicy } from './tenants.js';
import type { Transactor } from './transactor.js';

/** Asks somebody who is signed in for the password once more. Wrong ones count like those of sign-ins. */
export class PasswordCheck {
  constructor(
    private readonly transactor: Transactor,
    private readonly attempts: Attempts,
    private readonly hasher: PasswordHasher,
    private readonly steps: Steps,
  ) {}

  /**
   * `device` is that of the session, so that strangers who locked the rest of the world out do not lock it out.
   * @throws CommandRejected wrong-password, no-password, too-many-attempts; HashingBusy
   */
  async require(
    context: CommandContext,
    policy: TenantPolicy,
    owner: UserId,
    known: Credentials,
    typed: string,
    device: DeviceId | undefined,
  ): Promise<void> {
    const { tenant, at } = context;
    const slot: Slot = {
      tenant,
      account: { kind: 'user', id: owner },
      authenticator: 'password',
      source: device ? `device:${device}` : 'unknown',
    };
    const reservation = await this.attempts.reserve(slot, policy.settings.lockout, at);
    if (!reservation.granted) throw tooManyAttempts(at, reservation.retryAt);
    if (await this.#matches(slot, context, known, typed)) return this.attempts.succeeded(slot);

    const step = this.steps.of(context, 'check');
    await this.transactor.transact(credentials, owner, step, { type: 'NoteFailedCheck', user: owner, at });
  }

  async #matches(slot: Slot, { at }: CommandContext, { password }: Credentials, typed: string): Promise<boolean> {
    try {
      return (await this.hasher.verify(reveal(password?.verifier), typed)).matches;
    } catch (error) {
      await this.attempts.unverified(slot, at);
      throw error;
    }
  }
}
