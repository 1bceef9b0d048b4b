import { credentials } from '../domain/credentials/credentials.js';
import type { IdentifierKind } from '../domain/tenant/settings.js';
import { verificationStands } from '../domain/user/issued-under.js';
import { exists, identifierOf, type User } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import { type ClaimId, reveal, type TenantId, type UserId } from '../domain/values.js';
import { attemptAccount } from './attempt-account.js';
import type { CodeGuesses } from './code-guesses.js';
import { CommandRejected } from './command-rejected.js';
import type { Identifiers } from './identifiers.js';
import type { AttemptAccount } from './ports/attempts.js';
import type { CommandContext } from './ports/event-log.js';
import type { MessageLimits } from './ports/message-limits.js';
import type { SingleUse, SingleUsePayload } from './ports/single-use.js';
import type { Steps } from './steps.js';
import type { TenantPolicy, Tenants } from './tenants.js';
import type { Outcome, Transactor } from './transactor.js';

export type AddressKind = Exclude<IdentifierKind, 'username'>;

/** A proof that was sent: the link's token, or the code beside it with whose code it is or where it was sent. */
export type Proof = Readonly<{ token: string }> | CodeProof;
type CodeProof = Readonly<{ kind: AddressKind; code: string }> &
  Readonly<
    /** `claim`: of an address that nobody may have proved yet; wrong codes go on the count of its name. */
    { user: UserId; claim?: ClaimId } | { input: string }
  >;

const addressKinds: readonly AddressKind[] = ['email', 'phone'];
const artefact = { email: 'verify-email', phone: 'verify-phone' } as const;
const codes = { email: 'email-code', phone: 'sms-code' } as const;

/** Proves that addresses are the person's own. */
export class Verification {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly identifiers: Identifiers,
    private readonly guesses: CodeGuesses,
    private readonly singleUse: SingleUse,
    private readonly messageLimits: MessageLimits,
    private readonly steps: Steps,
  ) {}

  /**
   * Sends a new link and code, to the value that waits where there is one.
   * @throws CommandRejected nothing-to-verify, already-verified, too-many-messages
   */
  async request(context: CommandContext, owner: UserId, kind: AddressKind): Promise<Outcome<User>> {
    if (!(await this.#admitted(context, `${owner}:${kind}`))) {
      throw new CommandRejected('too-many-messages', { retryAfterSeconds: 3_600 });
    }
    return this.transactor.transact(user, owner, context, {
      type: 'RequestVerification',
      user: owner,
      kind,
      at: context.at,
    });
  }

  /** For somebody whom we know by what they did just now, who may not exist: the answer tells as little as that of `requestFor`. */
  async requestAgain(context: CommandContext, owner: UserId, kind: AddressKind): Promise<void> {
    const { state } = await this.transactor.load(user, context.tenant, owner);
    if (!exists(state)) return;
    const waiting = identifierOf(state, kind);
    if (waiting?.verified !== false || !(await this.#admitted(context, waiting.claim))) return;
    const { claim } = waiting;
    await this.transactor.transact(user, owner, context, {
      type: 'RequestVerification',
      user: owner,
      kind,
      claim,
      at: context.at,
    });
  }

  /** For somebody who is not signed in; the answer never tells whether there was anything to send, nor that enough was sent. */
  async requestFor(context: CommandContext, kind: AddressKind, input: string): Promise<void> {
    const claim = await this.identifiers.claimOf(context.tenant, this.identifiers.normalise(kind, input));
    const holder = await this.identifiers.holder(context.tenant, claim);
    if (!holder || !exists(holder.state) || identifierOf(holder.state, kind)?.verified !== false) return;
    if (!(await this.#admitted(context, claim))) return;
    const { user: owner } = holder;
    await this.transactor.transact(user, owner, context, {
      type: 'RequestVerification',
      user: owner,
      kind,
      claim,
      at: context.at,
    });
  }

  /** What an open link would confirm, without using it: pages show it, and mail scanners fetch pages. */
  async pending(
    { tenant, at }: CommandContext,
    token: string,
  ): Promise<Readonly<{ kind: AddressKind; address: string }> | undefined> {
    for (const kind of addressKinds) {
      const peeked = await this.singleUse.peek(tenant, artefact[kind], token, at);
      if (!peeked) continue;
      const { state } = await this.transactor.load(user, tenant, peeked.subject);
      const known = exists(state) ? [...state.pending, ...state.identifiers] : [];
      const address = reveal(known.find(({ claim }) => claim === peeked.payload.claim)?.value);
      if (!(await this.#stands(tenant, peeked.subject, state, peeked.payload))) return undefined;
      return address === undefined ? undefined : { kind, address };
    }
    return undefined;
  }

  /** A link knows what it proves; a code is of the kind that is said. @throws CommandRejected invalid-proof, identifier-taken, too-many-attempts */
  async confirm(context: CommandContext, proof: Proof): Promise<Outcome<User>> {
    const { tenant, commandId, at } = context;
    if (!('token' in proof)) return this.#confirmCode(context, proof);
    for (const kind of addressKinds) {
      const consumed = await this.singleUse.consume({
        tenant,
        kind: artefact[kind],
        commandId,
        at,
        token: proof.token,
      });
      if (!consumed.consumed) continue;
      return this.#confirmed(context, consumed.subject as UserId, kind, consumed.payload);
    }
    throw new CommandRejected('invalid-proof');
  }

  async #confirmCode(context: CommandContext, proof: CodeProof): Promise<Outcome<User>> {
    const { tenant, commandId, at } = context;
    const { kind, code } = proof;
    const policy = await this.tenants.activePolicy(tenant);
    const { account, subject, claim } = await this.#meant(context, policy, proof);
    const consumed = await this.guesses.judge(context, policy, account, codes[kind], async () => {
      const presented = { tenant, kind: artefact[kind], commandId, at, subject, code };
      const proved = await this.singleUse.prove(presented);
      // A code that was sent to another address of the person is a wrong one, and stays good where it belongs.
      if (!proved || (claim !== undefined && proved.payload.claim !== claim)) return undefined;
      const found = await this.singleUse.consume(presented);
      return found.consumed ? found : undefined;
    });
    return this.#confirmed(context, consumed.subject as UserId, kind, consumed.payload);
  }

  /** Whose code it is, and on whose count a wrong one goes; an address of nobody is answered like a wrong code. */
  async #meant(
    { tenant }: CommandContext,
    { settings }: TenantPolicy,
    proof: CodeProof,
  ): Promise<Readonly<{ account: AttemptAccount; subject: string; claim?: ClaimId }>> {
    if ('user' in proof && proof.claim === undefined) {
      return { account: { kind: 'user', id: proof.user }, subject: proof.user };
    }
    const claim =
      'user' in proof
        ? (proof.claim as ClaimId)
        : await this.identifiers.claimOf(tenant, this.identifiers.normalise(proof.kind, proof.input));
    const holder = await this.identifiers.holder(tenant, claim);
    const subject = 'user' in proof ? proof.user : (holder?.user ?? claim);
    return { account: attemptAccount(settings, claim, holder), subject, claim };
  }

  /** The new address is held before the old one is given up. */
  async #confirmed(
    context: CommandContext,
    owner: UserId,
    kind: AddressKind,
    payload: SingleUsePayload,
  ): Promise<Outcome<User>> {
    const { claim } = payload;
    const { state: before } = await this.transactor.load(user, context.tenant, owner);
    if (claim === undefined || !(await this.#stands(context.tenant, owner, before, payload))) {
      throw new CommandRejected('invalid-proof');
    }
    if (exists(before) && before.pending.some((one) => one.claim === claim)) {
      const taken = await this.identifiers.reserve(context, owner, [claim]);
      if (taken) throw new CommandRejected('identifier-taken');
    }
    const step = this.steps.of(context, 'confirm');
    const outcome = await this.transactor
      .transact(user, owner, step, { type: 'ConfirmIdentifier', user: owner, kind, claim, at: context.at })
      .catch((error: unknown) => {
        throw error instanceof CommandRejected ? new CommandRejected('invalid-proof') : error;
      });
    await this.identifiers.hold(context, owner, [claim]);
    if (!(await this.identifiers.free(step, owner, outcome))) return outcome;
    // What was sent to the address that was given up.
    await this.singleUse.revoke(context.tenant, owner, context.at, 'reset-password');
    return outcome;
  }

  async #stands(tenant: TenantId, owner: string, state: User, { issued, claim }: SingleUsePayload): Promise<boolean> {
    const { state: proved } = await this.transactor.load(credentials, tenant, owner);
    return (
      exists(state) && claim !== undefined && verificationStands(issued, claim, { account: state, credentials: proved })
    );
  }

  async #admitted({ tenant, at }: CommandContext, recipient: string): Promise<boolean> {
    const { settings } = await this.tenants.activePolicy(tenant);
    return this.messageLimits.take(tenant, `verify:${recipient}`, settings.verification.perHour, at);
  }
}
