import { credentials } from '../domain/credentials/credentials.js';
import type { PasswordCommand } from '../domain/credentials/password.js';
import type { Credentials } from '../domain/credentials/state.js';
import { lockout } from '../domain/lockout/lockout.js';
import type { Origin } from '../domain/signin/signin.js';
import type { ProfileCommand } from '../domain/user/profile.js';
import { exists, type Existing, identifierOf } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import { type ClientId, type DeviceId, type Instant, reveal, type SessionId, type UserId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import { contextWords, type Passwords } from './passwords.js';
import type { PasswordCheck } from './password-check.js';
import type { Attempts } from './ports/attempts.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { PasswordHasher } from './ports/password-hasher.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { SingleUse } from './ports/single-use.js';
import { requireClient, type Sessions, type SignedIn } from './sessions.js';
import type { Steps } from './steps.js';
import type { TenantPolicy, Tenants } from './tenants.js';
import type { Transactor } from './transactor.js';

export type ChangePassword = Readonly<{
  user: UserId;
  current: string;
  password: string;
  client: ClientId;
  origin: Origin;
  factors: readonly string[];
  /** Of the access token; its device is counted apart. */
  session?: SessionId;
}>;

/** Changes passwords. Whatever was signed in with the old one is over; the person goes on with a new session. */
export class PasswordChange {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly passwords: Passwords,
    private readonly hasher: PasswordHasher,
    private readonly attempts: Attempts,
    private readonly check: PasswordCheck,
    private readonly singleUse: SingleUse,
    private readonly sessions: Sessions,
    private readonly rows: SecurityRows,
    private readonly steps: Steps,
  ) {}

  /** @throws CommandRejected wrong-password, too-many-attempts, no-password, invalid-fields; HashingBusy */
  async change(context: CommandContext, request: ChangePassword): Promise<SignedIn> {
    const { tenant, at } = context;
    const policy = await this.tenants.activePolicy(tenant);
    const clientEpoch = await requireClient(this.rows, tenant, request.client);
    const account = await this.#account(policy, request.user);
    const device = await this.sessions.deviceOf(tenant, request.session);
    const state = await this.#changed(context, policy, account, request, device);
    await this.#tidy(policy, request.user, state, at);
    await this.withdrawWaiting(context, request.user, state.epoch);
    const epochs = { tenant: policy.epoch, user: account.epoch, credentials: state.epoch, client: clientEpoch };
    const { user: owner, client, origin, factors } = request;
    return this.sessions.start(context, policy, {
      user: owner,
      client,
      origin,
      factors,
      epochs,
      ...(device && { device }),
    });
  }

  /** As it is after the change, whether that is made now or was made by this very command before, whose answer nobody got. */
  async #changed(
    context: CommandContext,
    policy: TenantPolicy,
    account: Existing,
    { user: owner, current, password }: ChangePassword,
    device: DeviceId | undefined,
  ): Promise<Credentials> {
    const step = this.steps.of(context, 'change');
    const repeated = await this.transactor.repeated(credentials, owner, step);
    if (repeated) {
      // A session rests on the password that was proved for it, not on one that replaced it since.
      if (!this.passwords.isOf(context, owner, repeated.state)) throw new CommandRejected('wrong-password');
      return repeated.state;
    }

    const { state: before } = await this.transactor.load(credentials, policy.id, owner);
    // Before anything is said about the new one: whether it was used before, or holds the person's name, is nobody else's business.
    await this.check.require(context, policy, owner, before, current, device);
    await this.passwords.checkChange(policy, before, password, wordsOf(policy, account), '/password');
    const made = await this.passwords.keyed(context, policy, owner, await this.passwords.hash(password));
    const proved = before.password?.credential;
    const { state } = await this.transactor.transact(
      credentials,
      owner,
      step,
      (now): PasswordCommand => ({
        type: 'ChangePassword',
        // The verdict belongs to the password it was given on; one that replaced it meanwhile was not proved.
        currentMatches: now.password?.credential === proved,
        ...made,
        at: context.at,
      }),
    );
    return state;
  }

  /** Replaces a password that the tenant's policy no longer accepts, within a sign-in that has just proved it. */
  async renew(context: CommandContext, owner: UserId, password: string): Promise<Credentials> {
    const policy = await this.tenants.activePolicy(context.tenant);
    const account = await this.#account(policy, owner);
    const state =
      (await this.renewed(context, owner)) ?? (await this.#renewedNow(context, policy, account, owner, password));
    await this.#tidy(policy, owner, state, context.at);
    await this.withdrawWaiting(context, owner, state.epoch);
    return state;
  }

  /** What `renew` by this very command led to, whose answer nobody got; undefined once another password is in force. */
  async renewed(context: CommandContext, owner: UserId): Promise<Credentials | undefined> {
    const repeated = await this.transactor.repeated(credentials, owner, this.steps.of(context, 'renew'));
    return repeated && this.passwords.isOf(context, owner, repeated.state) ? repeated.state : undefined;
  }

  async #renewedNow(
    context: CommandContext,
    policy: TenantPolicy,
    account: Existing,
    owner: UserId,
    password: string,
  ): Promise<Credentials> {
    const { state: before } = await this.transactor.load(credentials, policy.id, owner);
    await this.passwords.checkChange(policy, before, password, wordsOf(policy, account), '/password');
    const current = reveal(before.password?.verifier);
    if (current && (await this.hasher.verify(current, password)).matches) {
      const field = { pointer: '/password', code: 'password-reused', message: 'Choose another one than before.' };
      throw new CommandRejected('invalid-fields', { fields: [field] });
    }
    const made = await this.passwords.keyed(context, policy, owner, await this.passwords.hash(password));
    const step = this.steps.of(context, 'renew');
    const { state } = await this.transactor.transact(
      credentials,
      owner,
      step,
      (now): PasswordCommand => ({
        type: 'ChangePassword',
        currentMatches: now.password?.credential === before.password?.credential,
        ...made,
        at: context.at,
      }),
    );
    return state;
  }

  /**
   * Asks for the password again before something that cannot be undone.
   * @returns the epoch of the password that was proved
   * @throws CommandRejected wrong-password, too-many-attempts
   */
  async prove(
    context: CommandContext,
    owner: UserId,
    password: string,
    session: SessionId | undefined,
  ): Promise<number> {
    const { tenant } = context;
    const policy = await this.tenants.activePolicy(tenant);
    const { state } = await this.transactor.load(credentials, tenant, owner);
    await this.check.require(context, policy, owner, state, password, await this.sessions.deviceOf(tenant, session));
    return state.epoch;
  }

  /** An administrator asks for a new password at the next sign-in. */
  async require(context: CommandContext, owner: UserId): Promise<Position | undefined> {
    const { at } = context;
    const required = await this.transactor.transact(credentials, owner, context, {
      type: 'RequirePasswordChange',
      user: owner,
      reason: 'administrator',
      at,
    });
    return required.position;
  }

  /** An administrator, or a reset, lets a person who was locked out try again. */
  async unlock(context: CommandContext, owner: UserId, by: 'administrator' | 'reset'): Promise<Position | undefined> {
    const { tenant, at } = context;
    const step = this.steps.of(context, 'unlock');
    const cleared = await this.transactor.transact(lockout, owner, step, { type: 'ClearLockout', user: owner, by, at });
    await this.attempts.clear(tenant, { kind: 'user', id: owner });
    return cleared.position;
  }

  /**
   * Addresses that wait for their proof may be those of whoever the new password is to keep out: their links, which are still good, would
   * hand the account over.
   */
  async withdrawWaiting(context: CommandContext, owner: UserId, credentials: number): Promise<void> {
    const { state } = await this.transactor.load(user, context.tenant, owner);
    if (!exists(state)) return;
    const { at } = context;
    for (const { kind } of state.pending) {
      await this.transactor.transact(user, owner, this.steps.of(context, `withdraw:${kind}`), (now): ProfileCommand => {
        // Asking for the address in force takes back the one that waits.
        const inForce = exists(now) ? identifierOf(now, kind) : undefined;
        return inForce
          ? { type: 'ChangeIdentifier', user: owner, ...inForce, credentials, at }
          : { type: 'RemoveIdentifier', user: owner, kind, required: false, at };
      });
    }
  }

  async #account(policy: TenantPolicy, owner: UserId): Promise<Existing> {
    const { state } = await this.transactor.load(user, policy.id, owner);
    if (!exists(state)) throw new CommandRejected('no-such-user');
    return state;
  }

  /** The old password can be read no more, and links that were sent to replace it lead nowhere. */
  async #tidy(policy: TenantPolicy, owner: UserId, state: Credentials, at: Instant): Promise<void> {
    await this.passwords.shred(policy, state);
    await this.singleUse.revoke(policy.id, owner, at, 'reset-password');
  }
}

/** Names and addresses of the person, for the password's context words. */
export const wordsOf = (policy: TenantPolicy, account: Existing): readonly string[] =>
  contextWords(
    policy.name,
    account.identifiers.map(({ value }) => reveal(value)),
    reveal(account.profile),
  );
