import type { IdentifierKind } from '../domain/tenant/settings.js';
import { identifierOf, type User } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import type { ClaimId, UserId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { Identifiers } from './identifiers.js';
import type { CommandContext } from './ports/event-log.js';
import type { MessageLimits } from './ports/message-limits.js';
import type { SingleUse } from './ports/single-use.js';
import type { Profiles } from './profile.js';
import type { Steps } from './steps.js';
import type { Tenants } from './tenants.js';
import type { Outcome, Transactor } from './transactor.js';

export type Assigned = Readonly<{ kind: IdentifierKind; input: string; verified: boolean }>;

/** `credentials`: the epoch of the password that was proved for it. */
export type Wished = Readonly<{ kind: IdentifierKind; input: string; credentials: number }>;

const removal = 'remove-identifier';

/** Changes what people sign in with. */
export class AccountIdentifiers {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly profiles: Profiles,
    private readonly identifiers: Identifiers,
    private readonly singleUse: SingleUse,
    private readonly messageLimits: MessageLimits,
    private readonly steps: Steps,
  ) {}

  /** A new address waits for its proof; a user name is taken over at once. @throws CommandRejected identifier-taken, too-many-messages */
  async change(context: CommandContext, owner: UserId, { kind, input, credentials }: Wished): Promise<Outcome<User>> {
    const { tenant, at } = context;
    const { settings } = await this.tenants.policy(tenant);
    const waits = kind !== 'username';
    const name = this.identifiers.normalise(kind, input, '/value');
    const { value, claim } = await this.identifiers.identifier(tenant, owner, name, !waits);
    const { account } = await this.profiles.view(tenant, owner);
    const old = identifierOf(account, kind)?.claim;
    if (
      waits &&
      !(await this.messageLimits.take(tenant, `change:${owner}:${kind}`, settings.verification.perHour, at))
    ) {
      throw new CommandRejected('too-many-messages', { retryAfterSeconds: 3_600 });
    }
    if (!waits || old === claim) await this.#take(context, owner, claim);
    const step = this.steps.of(context, 'change-identifier');
    const outcome = await this.transactor.transact(user, owner, step, {
      type: 'ChangeIdentifier',
      user: owner,
      kind,
      value,
      claim,
      verified: !waits,
      credentials,
      at,
    });
    if (waits) return outcome;
    await this.identifiers.hold(context, owner, [claim]);
    await this.identifiers.free(step, owner, outcome);
    return outcome;
  }

  /**
   * An administrator corrects what somebody else signs in with.
   * @throws CommandRejected own-account, no-such-user, identifier-taken, revision-mismatch, invalid-fields
   */
  async assign(
    context: CommandContext,
    owner: UserId,
    { kind, input, verified }: Assigned,
    expectedRevision: number | undefined,
  ): Promise<Outcome<User>> {
    const { tenant, at } = context;
    elsewhere(context, owner);
    const name = this.identifiers.normalise(kind, input, '/value');
    const identifier = await this.identifiers.identifier(tenant, owner, name, verified || kind === 'username');
    const { claim } = identifier;
    const step = this.steps.of(context, 'assign-identifier');
    await this.#expect(step, owner, expectedRevision);
    const { account } = await this.profiles.view(tenant, owner);
    await this.#take(context, owner, claim);
    // Before it is known to the outbox that somebody is invited anew: that link is to stay.
    if (account.status === 'invited' && identifierOf(account, kind)?.claim !== claim)
      await this.singleUse.revoke(tenant, owner, at, 'invitation');
    const outcome = await this.transactor.transact(user, owner, step, {
      type: 'AssignIdentifier',
      user: owner,
      ...identifier,
      at,
    });
    await this.identifiers.hold(context, owner, [claim]);
    await this.#tidy(step, owner, outcome);
    return outcome;
  }

  /** An administrator removes what somebody else signs in with. @throws CommandRejected own-account, and as `remove` */
  async withdraw(
    context: CommandContext,
    owner: UserId,
    kind: IdentifierKind,
    expectedRevision: number | undefined,
  ): Promise<Outcome<User>> {
    elsewhere(context, owner);
    await this.#expect(this.steps.of(context, removal), owner, expectedRevision);
    return this.remove(context, owner, kind);
  }

  /** @throws CommandRejected identifier-required, no-such-user */
  async remove(context: CommandContext, owner: UserId, kind: IdentifierKind): Promise<Outcome<User>> {
    const { settings } = await this.tenants.policy(context.tenant);
    const { required } = settings.identifiers[kind];
    const step = this.steps.of(context, removal);
    const outcome = await this.transactor.transact(user, owner, step, {
      type: 'RemoveIdentifier',
      user: owner,
      kind,
      required,
      at: context.at,
    });
    const gone = await this.#tidy(step, owner, outcome);
    // An invitation may have gone to what is gone; to whom it goes anew is for the administrator to say.
    if (gone && kind !== 'username' && outcome.state.status === 'invited')
      await this.singleUse.revoke(context.tenant, owner, context.at, 'invitation');
    return outcome;
  }

  /** A retry of what was done finds another revision: its own. */
  async #expect(step: CommandContext, owner: UserId, expected: number | undefined): Promise<void> {
    if (expected === undefined || (await this.transactor.repeated(user, owner, step))) return;
    await this.profiles.expect(step.tenant, owner, expected);
  }

  /** What was sent to an address that is gone leads nowhere. @returns whether one is gone */
  async #tidy(step: CommandContext, owner: UserId, outcome: Outcome<User>): Promise<boolean> {
    const gone = await this.identifiers.free(step, owner, outcome);
    if (gone) await this.singleUse.revoke(step.tenant, owner, step.at, 'reset-password');
    return gone;
  }

  async #take(context: CommandContext, owner: UserId, claim: ClaimId): Promise<void> {
    if ((await this.identifiers.reserve(context, owner, [claim])) === undefined) return;
    const field = { pointer: '/value', code: 'identifier-taken', message: 'Somebody here uses this already.' };
    throw new CommandRejected('identifier-taken', { fields: [field] });
  }
}

/** Nobody's own account is corrected so, or an administrator's stolen token would not be asked for the password. */
function elsewhere({ actor }: CommandContext, owner: UserId): void {
  if (actor.kind === 'user' && actor.id === owner) throw new CommandRejected('own-account');
}
