import { credentials } from '../domain/credentials/credentials.js';
import { exists } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import type { CredentialId, TenantId, UserId } from '../domain/values.js';
import type { Clock } from './ports/clock.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext } from './ports/event-log.js';
import type { Transactor } from './transactor.js';
import type { UserAdministration } from './user-administration.js';

/** Brings the accounts of a restored backup in line with what was destroyed after it was made. */
export class RestoredAccounts {
  constructor(
    private readonly transactor: Transactor,
    private readonly administration: UserAdministration,
    private readonly entropy: Entropy,
    private readonly clock: Clock,
  ) {}

  /** The person was erased; so is what the backup has brought back. @returns whether it had brought anything back */
  async erase(tenant: TenantId, owner: UserId): Promise<boolean> {
    const { state } = await this.transactor.load(user, tenant, owner);
    const isBack = exists(state);
    // Rows in clear may be back where the account is not.
    if (isBack || state.status === 'erased') await this.administration.repeatErasure(this.#context(tenant), owner);
    return isBack;
  }

  /** Nobody signs in with a password that was replaced since; whoever's it is chooses another. @returns whether one was in force */
  async requireReset(tenant: TenantId, owner: UserId, replaced: CredentialId): Promise<boolean> {
    const { state } = await this.transactor.load(credentials, tenant, owner);
    if (state.password?.credential !== replaced) return false;
    const account = await this.transactor.load(user, tenant, owner);
    if (!exists(account.state)) return false;
    const context = this.#context(tenant);
    await this.transactor.transact(credentials, owner, context, {
      type: 'RequirePasswordChange',
      user: owner,
      reason: 'restored',
      at: context.at,
    });
    return true;
  }

  #context(tenant: TenantId): CommandContext {
    const commandId = this.entropy.uuid();
    const actor = { kind: 'system', id: 'erasure-ledger' } as const;
    return { tenant, actor, commandId, correlationId: commandId, at: this.clock.now() };
  }
}
