import { credentials } from '../domain/credentials/credentials.js';
import type { Credentials } from '../domain/credentials/state.js';
import type { NormalisedIdentifier } from '../domain/user/normalised-identifier.js';
import { type IssuedUnder, resetStands } from '../domain/user/issued-under.js';
import { exists, type Existing } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import type { UserId } from '../domain/values.js';
import { attemptAccount } from './attempt-account.js';
import type { CodeGuesses } from './code-guesses.js';
import { CommandRejected } from './command-rejected.js';
import { accountName, type Identifiers } from './identifiers.js';
import { type PasswordChange, wordsOf } from './password.js';
import type { Passwords } from './passwords.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { MessageLimits } from './ports/message-limits.js';
import type { SingleUse } from './ports/single-use.js';
import type { Steps } from './steps.js';
import type { TenantPolicy, Tenants } from './tenants.js';
import type { Outcome, Transactor } from './transactor.js';

export type ResetProof = Readonly<{ token: string }> | Readonly<{ code: string; identifier: string }>;

type Proved = Readonly<{ subject: UserId; issued?: IssuedUnder | undefined }>;
type Forgetful = Proved & Readonly<{ policy: TenantPolicy; account: Existing }>;

/**
 * Resets forgotten passwords by link or code. A closed sequence: the only way to a new password is a proof consumed by the same command.
 * A reset ends every session, lifts a lockout, and neither satisfies nor removes a second factor.
 */
export class PasswordReset {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly identifiers: Identifiers,
    private readonly passwords: Passwords,
    private readonly passwordChange: PasswordChange,
    private readonly guesses: CodeGuesses,
    private readonly singleUse: SingleUse,
    private readonly messageLimits: MessageLimits,
    private readonly steps: Steps,
  ) {}

  /**
   * Never tells whether there is such an account, nor that enough was sent: strangers may ask, and what they have had sent is of use to the
   * person only. @throws CommandRejected invalid-fields
   */
  async request(context: CommandContext, identifier: string): Promise<void> {
    const { tenant, at } = context;
    const { settings } = await this.tenants.activePolicy(tenant);
    const claim = await this.identifiers.claimOf(tenant, this.#named(identifier));
    const holder = await this.identifiers.holder(tenant, claim);
    if (!holder || holder.state.status !== 'active') return;
    const { user: owner } = holder;
    // Of the person, whichever name is used.
    if (!(await this.messageLimits.take(tenant, `reset:${owner}`, settings.verification.perHour, at))) return;
    await this.transactor.transact(credentials, owner, context, { type: 'RequestPasswordReset', user: owner, at });
  }

  /** Whose password an open link would set, without using it: pages show it, and mail scanners fetch pages. */
  async pending(
    { tenant, at }: CommandContext,
    token: string,
  ): Promise<Readonly<{ account: string | undefined }> | undefined> {
    const peeked = await this.singleUse.peek(tenant, 'reset-password', token, at);
    if (!peeked) return undefined;
    const { state } = await this.transactor.load(user, tenant, peeked.subject);
    const { state: current } = await this.transactor.load(credentials, tenant, peeked.subject);
    if (!exists(state) || state.status !== 'active') return undefined;
    if (!resetStands(peeked.payload.issued, { account: state, credentials: current })) return undefined;
    return { account: accountName(state) };
  }

  /** @throws CommandRejected invalid-proof, invalid-fields */
  async reset(context: CommandContext, proof: ResetProof, password: string): Promise<Position | undefined> {
    const { tenant, at } = context;
    const policy = await this.tenants.activePolicy(tenant);
    const proved = await this.#proved(context, policy, proof);
    const { subject } = proved;
    const { state: account } = await this.transactor.load(user, tenant, subject);
    if (!exists(account) || account.status !== 'active') throw new CommandRejected('invalid-proof');
    const step = this.steps.of(context, 'reset');
    const { state, position } =
      (await this.transactor.repeated(credentials, subject, step)) ??
      (await this.#replaced(context, step, { ...proved, policy, account }, proof, password));
    // A retry leaves alone what came after a password that replaced this one.
    if (!this.passwords.isOf(context, subject, state)) return position;
    await this.passwords.shred(policy, state);
    await this.singleUse.revoke(tenant, subject, at, 'reset-password');
    await this.passwordChange.withdrawWaiting(context, subject, state.epoch);
    await this.passwordChange.unlock(context, subject, 'reset');
    return position;
  }

  async #replaced(
    context: CommandContext,
    step: CommandContext,
    { policy, account, subject, issued }: Forgetful,
    proof: ResetProof,
    password: string,
  ): Promise<Outcome<Credentials>> {
    const { tenant, at, commandId } = context;
    const { state: before } = await this.transactor.load(credentials, tenant, subject);
    if (!resetStands(issued, { account, credentials: before })) throw new CommandRejected('invalid-proof');
    // Checked before the proof is spent, so that a password which does not suit costs nobody the link; said only to whoever has the proof.
    await this.passwords.checkChange(policy, before, password, wordsOf(policy, account), '/password');
    const verifier = await this.passwords.hash(password);

    const presented = 'token' in proof ? { token: proof.token } : { subject, code: proof.code };
    const consumed = await this.singleUse.consume({ tenant, kind: 'reset-password', commandId, at, ...presented });
    if (!consumed.consumed || consumed.subject !== subject) throw new CommandRejected('invalid-proof');
    const made = await this.passwords.keyed(context, policy, subject, verifier);
    const { epoch } = before;
    return this.transactor
      .transact(credentials, subject, step, { type: 'ResetPassword', ...made, epoch, at })
      .catch((error: unknown) => {
        throw error instanceof CommandRejected ? new CommandRejected('invalid-proof') : error;
      });
  }

  /**
   * A link says for whom it is without being spent; a code has to be told, and is judged first. Nobody is answered like a wrong code.
   * @throws CommandRejected invalid-proof, too-many-attempts
   */
  async #proved(context: CommandContext, policy: TenantPolicy, proof: ResetProof): Promise<Proved> {
    const { tenant, at, commandId } = context;
    if ('token' in proof) {
      const peeked = await this.singleUse.peek(tenant, 'reset-password', proof.token, at);
      const repeated = peeked ?? (await this.#spentByThis(context, proof.token));
      if (!repeated) throw new CommandRejected('invalid-proof');
      return { subject: repeated.subject as UserId, issued: repeated.payload.issued };
    }
    const { code } = proof;
    const claim = await this.identifiers.claimOf(tenant, this.#named(proof.identifier));
    const holder = await this.identifiers.holder(tenant, claim);
    const owned = holder && exists(holder.state) && holder.state.identifiers.some((one) => one.claim === claim);
    const account = attemptAccount(policy.settings, claim, owned ? holder : undefined);
    return this.guesses.judge(context, policy, account, 'email-code', async () => {
      const subject = owned ? holder.user : claim;
      const right = await this.singleUse.prove({ tenant, kind: 'reset-password', subject, code, commandId, at });
      return right && owned ? { subject: holder.user, issued: right.payload.issued } : undefined;
    });
  }

  #named(identifier: string): NormalisedIdentifier {
    const recognised = this.identifiers.recognise(identifier);
    if (recognised) return recognised;
    const message = 'This is no e-mail address, user name or phone number.';
    throw new CommandRejected('invalid-fields', {
      fields: [{ pointer: '/identifier', code: 'identifier-form', message }],
    });
  }

  /** A retry of a command that died after it had spent the link may go on. */
  async #spentByThis({ tenant, commandId, at }: CommandContext, token: string) {
    const again = await this.singleUse.consume({ tenant, kind: 'reset-password', commandId, at, token });
    return again.consumed ? again : undefined;
  }
}
