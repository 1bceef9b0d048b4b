import { credentials } from '../domain/credentials/credentials.js';
import type { Credentials, Password } from '../domain/credentials/state.js';
import type { Epochs } from '../domain/session/epochs.js';
import {
  type FailureReason,
  type Origin,
  type RefusalReason,
  signIn,
  type SignInEvent,
} from '../domain/signin/signin.js';
import type { IdentifierKind } from '../domain/tenant/settings.js';
import { barredBy, type NextStep, nextStep } from '../domain/signin/verdict.js';
import { type Existing, exists } from '../domain/user/state.js';
import {
  type AttemptId,
  type ClaimId,
  type ClientId,
  type DeviceId,
  plusSeconds,
  reveal,
  trace,
  type UserId,
} from '../domain/values.js';
import { attemptAccount } from './attempt-account.js';
import { CommandRejected, tooManyAttempts } from './command-rejected.js';
import type { Devices } from './devices.js';
import type { Identifiers } from './identifiers.js';
import type { Locking } from './locking.js';
import type { AttemptAccount, Attempts, Reservation, Slot } from './ports/attempts.js';
import type { CommandContext } from './ports/event-log.js';
import type { PasswordRehash } from './password-rehash.js';
import type { PasswordHasher } from './ports/password-hasher.js';
import type { SecurityRows } from './ports/security-rows.js';
import { type HeldSession, requireClient, type Sessions, type SignedIn } from './sessions.js';
import { flowSeconds, type SignInFlows } from './sign-in-flow.js';
import type { Steps } from './steps.js';
import type { TenantPolicy, Tenants } from './tenants.js';
import type { Transactor } from './transactor.js';

export type SignInRequest = Readonly<{
  identifier: string;
  password: string;
  client: ClientId;
  origin: Origin;
  /** Of everybody who has signed in on the device before. */
  deviceTokens?: readonly string[];
  /** Of the browser that asks. */
  held?: HeldSession;
}>;

export type SignInAnswer =
  | Readonly<{ status: 'signed-in'; signedIn: SignedIn; deviceToken: string; attempt: AttemptId }>
  | Readonly<{ status: 'next'; next: NextStep; flow: string; user: UserId }>;

/** Whom the identifier names, as far as it names anybody, and everything read before the verdict. */
type Candidate = Readonly<{
  kind: IdentifierKind | 'unknown';
  claim: ClaimId;
  account: AttemptAccount;
  user?: UserId;
  state?: Existing;
  credentials?: Credentials;
  epochs?: Epochs;
  device?: DeviceId;
}>;

/** Who holds the claim, whether or not the tenant allows signing in by such an identifier. */
type Named = Pick<Candidate, 'kind' | 'claim'> & Readonly<{ holder: Awaited<ReturnType<Identifiers['holder']>> }>;

type Attempted = Readonly<{
  context: CommandContext;
  policy: TenantPolicy;
  request: SignInRequest;
  candidate: Candidate;
  failuresBefore: number;
}>;

/** Signs people in with a password. Every try is admitted before it is verified, and costs one hash whatever it names. */
export class SignIn {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly identifiers: Identifiers,
    private readonly sessions: Sessions,
    private readonly attempts: Attempts,
    private readonly locking: Locking,
    private readonly hasher: PasswordHasher,
    private readonly flows: SignInFlows,
    private readonly devices: Devices,
    private readonly rehash: PasswordRehash,
    private readonly rows: SecurityRows,
    private readonly steps: Steps,
  ) {}

  /** @throws CommandRejected wrong-credentials, too-many-attempts, unknown-client, tenant-suspended; HashingBusy */
  signIn(context: CommandContext, request: SignInRequest): Promise<SignInAnswer> {
    return this.hasher.admit(() => this.#attempt(context, request));
  }

  async #attempt(context: CommandContext, request: SignInRequest): Promise<SignInAnswer> {
    const [policy, clientEpoch, named] = await Promise.all([
      this.tenants.activePolicy(context.tenant),
      requireClient(this.rows, context.tenant, request.client),
      this.#named(context, request),
    ]);
    const candidate = await this.#candidate(context, policy, request, named, clientEpoch);
    const slot = slotOf(context, candidate);
    const reservation = await this.attempts.reserve(slot, policy.settings.lockout, context.at);
    if (!reservation.granted)
      return this.#refuse({ context, policy, request, candidate, failuresBefore: reservation.failures }, reservation);

    const attempted = { context, policy, request, candidate, failuresBefore: reservation.failuresBefore };
    const password = candidate.credentials?.password;
    const verdict = await this.#verify(slot, context, password, request.password);
    if (!verdict.matches || !candidate.user || !candidate.state || !password) {
      return this.#fail(attempted, slot, reservation, password);
    }
    const barred = barredBy(policy.settings, candidate.state);
    if (barred) return this.#bar(attempted, barred);

    if (verdict.outdated) await this.rehash.replace(context, candidate.user, password.credential, request.password);
    const admitted = this.#admit(attempted, candidate.user, candidate.state, password);
    const [answer] = await Promise.all([admitted, this.attempts.succeeded(slot)]);
    return answer;
  }

  async #named({ tenant }: CommandContext, request: SignInRequest): Promise<Named> {
    const recognised = this.identifiers.recognise(request.identifier);
    const name = recognised ?? { kind: 'username', display: '', key: request.identifier.slice(0, 320) };
    const claim = await this.identifiers.claimOf(tenant, name);
    return { kind: recognised?.kind ?? 'unknown', claim, holder: await this.identifiers.holder(tenant, claim) };
  }

  async #candidate(
    context: CommandContext,
    policy: TenantPolicy,
    request: SignInRequest,
    { kind, claim, holder }: Named,
    client: number,
  ): Promise<Candidate> {
    const { tenant } = context;
    const allowed = kind !== 'unknown' && policy.settings.identifiers[kind].signIn;
    const nobody = { kind, claim, account: attemptAccount(policy.settings, claim, undefined) };
    if (!allowed || !holder || !exists(holder.state)) return nobody;
    const { user: owner, state } = holder;
    if (!state.identifiers.some((one) => one.claim === claim)) return nobody;

    const [proofs, device] = await Promise.all([
      this.transactor.load(credentials, tenant, owner),
      this.devices.recognise(tenant, owner, request.deviceTokens ?? []),
    ]);
    // The epochs of the very states that are judged: whatever changes meanwhile ends the session that follows.
    const epochs = { tenant: policy.epoch, user: state.epoch, credentials: proofs.state.epoch, client };
    const account = attemptAccount(policy.settings, claim, holder);
    return { kind, claim, account, user: owner, state, credentials: proofs.state, epochs, ...(device && { device }) };
  }

  async #verify(slot: Slot, context: CommandContext, password: Password | undefined, typed: string) {
    try {
      return await this.hasher.verify(reveal(password?.verifier), typed);
    } catch (error) {
      await this.attempts.unverified(slot, context.at);
      throw error;
    }
  }

  async #admit(attempted: Attempted, owner: UserId, state: Existing, password: Password): Promise<SignInAnswer> {
    const { context, policy, request, candidate } = attempted;
    const attempt = this.steps.id<AttemptId>(context, 'attempt');
    const epochs = candidate.epochs as Epochs;
    const next = nextStep({
      settings: policy.settings,
      policyRevision: policy.policyRevision,
      account: state,
      password,
      typed: request.password,
      identifier: candidate.kind,
      at: context.at,
    });
    if (next) {
      const reason = next === 'change-password' ? 'password-change-required' : 'not-verified';
      await this.#record(attempted, { type: 'signin.refused', ...this.#facts(attempted), user: owner, reason });
      const flow = await this.flows.seal(context.tenant, {
        user: owner,
        client: request.client,
        attempt,
        identifier: candidate.kind,
        factors: ['pwd'],
        step: next,
        epochs,
        ...(candidate.device && { device: candidate.device }),
        expiresAt: plusSeconds(context.at, flowSeconds),
      });
      return { status: 'next', next, flow, user: owner };
    }

    const device = candidate.device ?? this.steps.id<DeviceId>(context, 'device');
    const fresh = {
      user: owner,
      client: request.client,
      factors: ['pwd'],
      origin: request.origin,
      epochs,
      device,
      attempt,
    };
    const signedIn = await this.sessions.enter(context, policy, fresh, request.held);
    // Last: the history tells of no session that a crash kept from being opened, and a session counts as opened by what it tells.
    await this.#record(attempted, {
      type: 'signin.succeeded',
      ...this.#facts(attempted),
      device,
      user: owner,
      session: signedIn.session,
      factors: ['pwd'],
    });
    return {
      status: 'signed-in',
      signedIn,
      deviceToken: await this.devices.token(context.tenant, owner, device),
      attempt,
    };
  }

  async #refuse(attempted: Attempted, reservation: Extract<Reservation, { granted: false }>): Promise<never> {
    const { context, candidate } = attempted;
    const { retryAt, disabled } = reservation;
    await this.#record(attempted, {
      type: 'signin.refused',
      ...this.#facts(attempted),
      ...(candidate.user && { user: candidate.user }),
      reason: disabled ? 'authenticator-disabled' : 'locked',
      ...(retryAt && { retryAt }),
    });
    throw tooManyAttempts(context.at, retryAt);
  }

  async #fail(
    attempted: Attempted,
    slot: Slot,
    reservation: Extract<Reservation, { granted: true }>,
    password: Password | undefined,
  ): Promise<never> {
    const { context, candidate } = attempted;
    const reason: FailureReason = !candidate.user ? 'unknown-identifier' : password ? 'wrong-password' : 'no-password';
    await this.#record(attempted, {
      type: 'signin.failed',
      ...this.#facts(attempted),
      ...(candidate.user && { user: candidate.user }),
      reason,
    });
    await this.locking.record(context, slot, reservation);
    throw new CommandRejected('wrong-credentials');
  }

  /** The right password of an account that may not sign in is answered like a wrong one. */
  async #bar(attempted: Attempted, reason: RefusalReason): Promise<never> {
    const user = attempted.candidate.user as UserId;
    await this.#record(attempted, { type: 'signin.refused', ...this.#facts(attempted), user, reason });
    throw new CommandRejected('wrong-credentials');
  }

  #facts({ context, policy, request, candidate, failuresBefore }: Attempted) {
    return {
      attempt: this.steps.id<AttemptId>(context, 'attempt'),
      account: candidate.account.id,
      method: 'password',
      identifier: candidate.kind,
      client: request.client,
      origin: trace(context.at, request.origin),
      ...(candidate.device && { device: candidate.device }),
      failuresBefore,
      policyRevision: policy.policyRevision,
      at: context.at,
    } as const;
  }

  async #record({ context, policy }: Attempted, outcome: SignInEvent): Promise<void> {
    const step = { ...this.steps.of(context, 'attempt'), policyRevision: policy.policyRevision };
    await this.transactor.transact(signIn, outcome.attempt, step, { type: 'RecordSignIn', outcome });
  }
}

function slotOf({ tenant }: CommandContext, { account, device }: Candidate): Slot {
  return { tenant, account, authenticator: 'password', source: device ? `device:${device}` : 'unknown' };
}
