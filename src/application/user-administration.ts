import { credentials } from '../domain/credentials/credentials.js';
import type { Credentials } from '../domain/credentials/state.js';
import type { LifeCycleCommand } from '../domain/user/life-cycle.js';
import { isActiveAdministrator, type User } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import { type CredentialId, personal, type UserId } from '../domain/values.js';
import type { TenantAdministrators } from './administrators.js';
import { CommandRejected } from './command-rejected.js';
import type { Identifiers } from './identifiers.js';
import type { Attempts } from './ports/attempts.js';
import type { BegunErasures } from './ports/begun-erasures.js';
import type { CommandContext } from './ports/event-log.js';
import type { PersonalData } from './ports/personal-data.js';
import type { SingleUse } from './ports/single-use.js';
import type { Vault } from './ports/vault.js';
import type { Steps } from './steps.js';
import type { Outcome, Transactor } from './transactor.js';

type Plain = Exclude<LifeCycleCommand['type'], 'SuspendUser' | 'DeactivateUser' | 'EraseUser' | 'AbandonDeparture'>;

/** The life cycle of accounts, in an administrator's or the person's own hand. */
export class UserAdministration {
  constructor(
    private readonly transactor: Transactor,
    private readonly identifiers: Identifiers,
    private readonly vault: Vault,
    private readonly personalData: PersonalData,
    private readonly singleUse: SingleUse,
    private readonly attempts: Attempts,
    private readonly administrators: TenantAdministrators,
    private readonly begun: BegunErasures,
    private readonly steps: Steps,
  ) {}

  suspend(context: CommandContext, owner: UserId, reason: string): Promise<Outcome<User>> {
    return this.#guarded(context, owner, {
      type: 'SuspendUser',
      user: owner,
      reason: personal(owner, reason),
      at: context.at,
    });
  }

  deactivate(context: CommandContext, owner: UserId, by: 'self' | 'administrator'): Promise<Outcome<User>> {
    return this.#guarded(context, owner, { type: 'DeactivateUser', user: owner, by, at: context.at });
  }

  async apply(context: CommandContext, owner: UserId, type: Plain): Promise<Outcome<User>> {
    return this.#guarded(context, owner, { type, user: owner, at: context.at });
  }

  /**
   * Erases a person: the fact is recorded, then the keys, read models, snapshots, open codes and queued messages go. The log keeps
   * ciphertext that nobody can open. Every part may be repeated, so that whoever finds it begun finishes what a crash interrupted.
   */
  async erase(context: CommandContext, owner: UserId): Promise<Outcome<User>> {
    const command = { type: 'EraseUser', user: owner, at: context.at } as const;
    await this.begun.begin(context.tenant, owner);
    const outcome = await this.#guarded(context, owner, command).catch(async (error: unknown) => {
      if (error instanceof CommandRejected) await this.begun.end(context.tenant, owner);
      throw error;
    });
    return this.#erased(context, owner, outcome);
  }

  /** What happened before and a restore has undone: nobody is asked any more. */
  async repeatErasure(context: CommandContext, owner: UserId): Promise<Outcome<User>> {
    const step = this.steps.of(context, 'EraseUser');
    const command = { type: 'EraseUser', user: owner, at: context.at } as const;
    return this.#erased(context, owner, await this.transactor.transact(user, owner, step, command));
  }

  async #erased(context: CommandContext, owner: UserId, outcome: Outcome<User>): Promise<Outcome<User>> {
    const { tenant, at } = context;
    const { state: proofs } = await this.transactor.load(credentials, tenant, owner);
    const keys = [
      { tenant, scope: 'person', id: owner } as const,
      ...credentialsOf(proofs).map((id) => ({ tenant, scope: 'credential', id }) as const),
    ];
    for (const key of keys) await this.vault.destroyKey(key);
    await this.singleUse.revoke(tenant, owner, at);
    await this.attempts.clear(tenant, { kind: 'user', id: owner });
    await this.personalData.purge(tenant, owner);
    this.transactor.forget('user', tenant, owner);
    this.transactor.forget('credentials', tenant, owner);
    const { state } = outcome;
    if (state.status === 'erased') await this.identifiers.release(context, owner, state.released);
    await this.begun.end(tenant, owner);
    return outcome;
  }

  /** Nobody can take the last administrator away from a tenant, least of all by mistake or at the same time as somebody else. */
  async #guarded(context: CommandContext, owner: UserId, command: LifeCycleCommand): Promise<Outcome<User>> {
    try {
      return await this.#carriedOut(context, owner, command);
    } catch (error) {
      if (!(error instanceof CommandRejected) || error.code !== 'last-administrator') throw error;
      if (!(await this.administrators.freeAbandoned(context, owner))) throw error;
      return this.#carriedOut(context, owner, command);
    }
  }

  #carriedOut(context: CommandContext, owner: UserId, command: LifeCycleCommand): Promise<Outcome<User>> {
    const step = this.steps.of(context, command.type);
    return this.transactor.transact(user, owner, step, async (state, revision) => {
      const leaves = removesAdministrator[command.type] && isActiveAdministrator(state);
      if (leaves) await this.administrators.announceDeparture(context, { user: owner, revision });
      return command;
    });
  }
}

const credentialsOf = ({ password, former, superseded }: Credentials): readonly CredentialId[] => [
  ...(password ? [password.credential] : []),
  ...former.map(({ credential }) => credential),
  ...superseded,
];

const removesAdministrator: Readonly<Record<LifeCycleCommand['type'], boolean>> = {
  SuspendUser: true,
  ReactivateUser: false,
  DeactivateUser: true,
  UndeleteUser: false,
  EraseUser: true,
  RevokeSessions: false,
  AppointAdministrator: false,
  DismissAdministrator: true,
  AbandonDeparture: false,
};
