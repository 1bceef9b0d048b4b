import { credentials } from '../domain/credentials/credentials.js';
import type { PasswordCommand } from '../domain/credentials/password.js';
import { invitationStands } from '../domain/user/issued-under.js';
import { exists } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import type { UserId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import { accountName } from './identifiers.js';
import { wordsOf } from './password.js';
import type { Passwords } from './passwords.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { SingleUse } from './ports/single-use.js';
import type { Steps } from './steps.js';
import type { Tenants } from './tenants.js';
import type { Transactor } from './transactor.js';

/** People whom an administrator has invited choose their password with the link. */
export class Invitations {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly passwords: Passwords,
    private readonly singleUse: SingleUse,
    private readonly steps: Steps,
  ) {}

  async repeat(context: CommandContext, owner: UserId): Promise<Position | undefined> {
    const repeated = await this.transactor.transact(user, owner, context, {
      type: 'RepeatInvitation',
      user: owner,
      at: context.at,
    });
    return repeated.position;
  }

  /** Who is invited by an open link, without using it: pages show it, and mail scanners fetch pages. */
  async pending(
    { tenant, at }: CommandContext,
    token: string,
  ): Promise<Readonly<{ account: string | undefined }> | undefined> {
    const peeked = await this.singleUse.peek(tenant, 'invitation', token, at);
    if (!peeked) return undefined;
    const { state } = await this.transactor.load(user, tenant, peeked.subject);
    if (!exists(state) || state.status !== 'invited' || !invitationStands(peeked.payload.issued, state))
      return undefined;
    return { account: accountName(state) };
  }

  /** @throws CommandRejected invalid-proof, invalid-fields */
  async accept(
    context: CommandContext,
    token: string,
    password: string,
  ): Promise<Readonly<{ user: UserId; position?: Position }>> {
    const { tenant, at, commandId } = context;
    const kind = 'invitation';
    const policy = await this.tenants.activePolicy(tenant);
    const peeked = await this.singleUse.peek(tenant, kind, token, at);
    const spent = peeked ? undefined : await this.singleUse.consume({ tenant, kind, token, commandId, at });
    const proof = peeked ?? (spent?.consumed ? spent : undefined);
    if (proof === undefined) throw new CommandRejected('invalid-proof');
    const subject = proof.subject as UserId;
    const { state } = await this.transactor.load(user, tenant, subject);
    // Only the command that spent the link may find the invitation accepted.
    const open = exists(state) && (state.status === 'invited' || (!peeked && state.status === 'active'));
    if (!open || !invitationStands(proof.payload.issued, state)) throw new CommandRejected('invalid-proof');
    await this.passwords.check(policy, password, wordsOf(policy, state), '/password');
    const verifier = await this.passwords.hash(password);

    const consumed = await this.singleUse.consume({ tenant, kind, token, commandId, at });
    if (!consumed.consumed) throw new CommandRejected('invalid-proof');
    const made = await this.passwords.keyed(context, policy, subject, verifier);
    const setting = this.steps.of(context, 'password');
    await this.transactor.transact(
      credentials,
      subject,
      setting,
      // A command that died on the way has left the password that an earlier link was accepted with.
      ({ password: former, epoch }): PasswordCommand =>
        former ? { type: 'ResetPassword', ...made, epoch, at } : { type: 'SetPassword', ...made, at },
    );
    const accepting = this.steps.of(context, 'accept');
    const accepted = await this.transactor.transact(user, subject, accepting, {
      type: 'AcceptInvitation',
      user: subject,
      at,
    });
    return { user: subject, ...(accepted.position && { position: accepted.position }) };
  }
}
