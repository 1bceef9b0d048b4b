import type { IdentifierKind } from '../domain/tenant/settings.js';
import { checkAttributes } from '../domain/user/attributes.js';
import type { Profile } from '../domain/user/events.js';
import { exists, type Existing, identifierOf, type User } from '../domain/user/state.js';
import { user, type UserCommand } from '../domain/user/user.js';
import { personal, reveal, type UserId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { Identifiers } from './identifiers.js';
import type { CommandContext } from './ports/event-log.js';
import type { MessageLimits } from './ports/message-limits.js';
import type { SingleUse } from './ports/single-use.js';
import type { Steps } from './steps.js';
import type { Tenants } from './tenants.js';
import type { Outcome, Transactor } from './transactor.js';

/** `null` removes a value; what is left out stays. */
export type ProfileChange = Readonly<{
  firstName?: string | null;
  lastName?: string | null;
  picture?: string | null;
  locale?: string;
  attributes?: Readonly<Record<string, string | number | boolean | null>>;
}>;

/** What a person, or an administrator for them, may see and change of an account. */
export class Profiles {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly identifiers: Identifiers,
    private readonly singleUse: SingleUse,
    private readonly messageLimits: MessageLimits,
    private readonly steps: Steps,
  ) {}

  /** @throws CommandRejected no-such-user */
  async view(
    tenant: CommandContext['tenant'],
    owner: UserId,
  ): Promise<Readonly<{ account: Existing; revision: number }>> {
    const { state, revision } = await this.transactor.load(user, tenant, owner);
    if (!exists(state)) throw new CommandRejected('no-such-user');
    return { account: state, revision };
  }

  /** @throws CommandRejected revision-mismatch, no-such-user, invalid-fields */
  async change(
    context: CommandContext,
    owner: UserId,
    change: ProfileChange,
    expectedRevision: number | undefined,
  ): Promise<Outcome<User>> {
    const { settings } = await this.tenants.policy(context.tenant);
    const { supported } = settings.locales;
    if (change.locale !== undefined && !supported.includes(change.locale)) {
      const message = `Choose one of ${supported.join(', ')}.`;
      throw new CommandRejected('invalid-fields', {
        fields: [{ pointer: '/locale', code: 'unsupported-locale', message }],
      });
    }
    await this.#expect(context, owner, expectedRevision);
    return this.transactor.transact(user, owner, context, (state): UserCommand => {
      if (!exists(state)) throw new CommandRejected('no-such-user');
      const profile = changed(reveal(state.profile) ?? {}, change);
      // What was kept under an earlier schema stays until somebody touches it.
      const touched = change.attributes ?? {};
      const wrong = checkAttributes(settings.registration.attributes, profile.attributes ?? {}).filter(({ name }) =>
        Object.hasOwn(touched, name),
      );
      if (wrong.length > 0) {
        const fields = wrong.map(({ name, code, message }) => ({ pointer: `/attributes/${name}`, code, message }));
        throw new CommandRejected('invalid-fields', { fields });
      }
      return {
        type: 'ChangeProfile',
        user: owner,
        profile: personal(owner, profile),
        locale: change.locale ?? state.locale,
        at: context.at,
      };
    });
  }

  /** A new address waits for its proof; a user name is taken over at once. @throws CommandRejected identifier-taken, too-many-messages */
  async changeIdentifier(
    context: CommandContext,
    owner: UserId,
    kind: IdentifierKind,
    input: string,
    verified: boolean,
  ): Promise<Outcome<User>> {
    const { tenant, at } = context;
    const { settings } = await this.tenants.policy(tenant);
    const name = this.identifiers.normalise(kind, input);
    const { value, claim } = await this.identifiers.identifier(tenant, owner, name, verified);
    const { account } = await this.view(tenant, owner);
    const old = identifierOf(account, kind)?.claim;
    const waits = kind !== 'username' && !verified;
    if (
      waits &&
      !(await this.messageLimits.take(tenant, `change:${owner}:${kind}`, settings.verification.perHour, at))
    ) {
      throw new CommandRejected('too-many-messages', { retryAfterSeconds: 3_600 });
    }
    if (!waits || old === claim) await this.#take(context, owner, claim, kind);
    const step = this.steps.of(context, 'change-identifier');
    const outcome = await this.transactor.transact(user, owner, step, {
      type: 'ChangeIdentifier',
      user: owner,
      kind,
      value,
      claim,
      verified: verified || kind === 'username',
      at,
    });
    if (waits) return outcome;
    await this.identifiers.hold(context, owner, [claim]);
    await this.identifiers.free(step, owner, outcome);
    return outcome;
  }

  /** @throws CommandRejected identifier-required */
  async removeIdentifier(context: CommandContext, owner: UserId, kind: IdentifierKind): Promise<Outcome<User>> {
    const { settings } = await this.tenants.policy(context.tenant);
    const { required } = settings.identifiers[kind];
    const step = this.steps.of(context, 'remove-identifier');
    const outcome = await this.transactor.transact(user, owner, step, {
      type: 'RemoveIdentifier',
      user: owner,
      kind,
      required,
      at: context.at,
    });
    if (!(await this.identifiers.free(step, owner, outcome))) return outcome;
    // What was sent to the address that is gone.
    await this.singleUse.revoke(context.tenant, owner, context.at, 'reset-password');
    return outcome;
  }

  async #take(
    context: CommandContext,
    owner: UserId,
    claim: Parameters<Identifiers['hold']>[2][number],
    kind: IdentifierKind,
  ) {
    if ((await this.identifiers.reserve(context, owner, [claim])) === undefined) return;
    const field = { pointer: `/${kind}`, code: 'identifier-taken', message: 'Somebody here uses this already.' };
    throw new CommandRejected('identifier-taken', { fields: [field] });
  }

  async #expect(context: CommandContext, owner: UserId, expected: number | undefined): Promise<void> {
    if (expected === undefined) return;
    const { revision } = await this.view(context.tenant, owner);
    if (revision !== expected) throw new CommandRejected('revision-mismatch');
  }
}

function changed(profile: Profile, change: ProfileChange): Profile {
  const { locale: _, attributes, ...texts } = change;
  const merged = {
    ...profile,
    ...texts,
    ...(attributes && { attributes: withoutNulls({ ...profile.attributes, ...attributes }) }),
  };
  return withoutNulls(merged);
}

const withoutNulls = <T extends object>(values: T): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
