import { checkAttributes } from '../domain/user/attributes.js';
import type { Profile } from '../domain/user/events.js';
import { exists, type Existing, type User } from '../domain/user/state.js';
import { user, type UserCommand } from '../domain/user/user.js';
import { personal, reveal, type TenantId, type UserId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { CommandContext } from './ports/event-log.js';
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
  ) {}

  /** @throws CommandRejected no-such-user */
  async view(tenant: TenantId, owner: UserId): Promise<Readonly<{ account: Existing; revision: number }>> {
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
    await this.expect(context.tenant, owner, expectedRevision);
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

  /** @throws CommandRejected revision-mismatch, no-such-user */
  async expect(tenant: TenantId, owner: UserId, expected: number | undefined): Promise<void> {
    if (expected === undefined) return;
    const { revision } = await this.view(tenant, owner);
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
