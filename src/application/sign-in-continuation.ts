import { type Origin, signIn } from '../domain/signin/signin.js';
import { type NextStep, unverified } from '../domain/signin/verdict.js';
import { exists } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import { type AttemptId, type DeviceId, type SessionId, trace } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { Devices } from './devices.js';
import type { PasswordChange } from './password.js';
import type { CommandContext } from './ports/event-log.js';
import type { HeldSession, Sessions } from './sessions.js';
import type { SignInAnswer } from './sign-in.js';
import type { SignInFlow, SignInFlows } from './sign-in-flow.js';
import type { Steps } from './steps.js';
import type { TenantPolicy, Tenants } from './tenants.js';
import type { Transactor } from './transactor.js';
import type { Verification } from './verification.js';

export type Continuation = Readonly<{
  flow: string;
  origin: Origin;
  code?: string;
  password?: string;
  /** Of the browser that asks. */
  held?: HeldSession;
}>;

type StepOf = (context: CommandContext, flow: SignInFlow, given: Continuation) => Promise<SignInFlow>;

/** Goes on with a sign-in whose first proof was right. */
export class SignInContinuation {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly flows: SignInFlows,
    private readonly verification: Verification,
    private readonly passwordChange: PasswordChange,
    private readonly sessions: Sessions,
    private readonly devices: Devices,
    private readonly steps: Steps,
  ) {}

  /** What a flow waits for; undefined for what is none, or too old. */
  async step({ tenant, at }: CommandContext, sealed: string): Promise<NextStep | undefined> {
    return (await this.flows.open(tenant, sealed, at))?.step;
  }

  /** Sends the code that a flow waits for once more, as often as the tenant allows. The answer does not tell whether it was sent. */
  async sendAgain(context: CommandContext, sealed: string): Promise<NextStep | undefined> {
    const flow = await this.flows.open(context.tenant, sealed, context.at);
    if (flow?.step === 'verify-email') await this.verification.requestAgain(context, flow.user, 'email');
    if (flow?.step === 'verify-phone') await this.verification.requestAgain(context, flow.user, 'phone');
    return flow?.step;
  }

  /** @throws CommandRejected invalid-flow, invalid-proof, invalid-fields */
  async continue(context: CommandContext, given: Continuation): Promise<SignInAnswer> {
    const { tenant, at } = context;
    const policy = await this.tenants.activePolicy(tenant);
    const flow = await this.flows.open(tenant, given.flow, at);
    if (!flow) throw new CommandRejected('invalid-flow');
    const current = await this.sessions.epochs(policy, flow.user, flow.client);
    // What this very command has raised, before its answer was lost, ends no sign-in.
    const isRepeated =
      flow.step === 'change-password' && (await this.passwordChange.renewed(context, flow.user)) !== undefined;
    const expected = isRepeated ? { ...flow.epochs, credentials: current.credentials } : flow.epochs;
    if (JSON.stringify(current) !== JSON.stringify(expected)) throw new CommandRejected('invalid-flow');
    const done = await this.#steps[flow.step](context, flow, given);
    const { state } = await this.transactor.load(user, tenant, flow.user);
    if (!exists(state) || state.status !== 'active') throw new CommandRejected('invalid-flow');
    const step = policy.settings.verification.requiredToSignIn ? unverified(state, flow.identifier) : undefined;
    if (step) {
      return { status: 'next', next: step, flow: await this.flows.seal(tenant, { ...done, step }), user: flow.user };
    }

    const device = flow.device ?? this.steps.id<DeviceId>(context, 'device');
    const { user: owner, client, factors, epochs, attempt } = done;
    // The session's id follows from the attempt: one sign-in gives one session, however often its flow is sent.
    const once = { ...context, commandId: attempt };
    // The attempt itself was recorded as refused; what completes it is an attempt of its own in the history.
    const completion = this.steps.id<AttemptId>(once, 'completion');
    const fresh = { user: owner, client, factors, epochs, attempt: completion, device, origin: given.origin };
    const signedIn = await this.sessions.enter(once, policy, fresh, given.held);
    await this.#record(once, policy, done, given.origin, { device, session: signedIn.session, attempt: completion });
    return { status: 'signed-in', signedIn, deviceToken: await this.devices.token(tenant, owner, device), attempt };
  }

  async #record(
    context: CommandContext,
    policy: TenantPolicy,
    { user: owner, client, factors, identifier }: SignInFlow,
    origin: Origin,
    opened: Readonly<{ device: DeviceId; session: SessionId; attempt: AttemptId }>,
  ): Promise<void> {
    await this.transactor.transact(signIn, opened.attempt, this.steps.of(context, 'completion'), {
      type: 'RecordSignIn',
      outcome: {
        type: 'signin.succeeded',
        ...opened,
        account: owner,
        method: 'password',
        identifier,
        client,
        origin: trace(context.at, origin),
        failuresBefore: 0,
        policyRevision: policy.policyRevision,
        at: context.at,
        user: owner,
        factors,
      },
    });
  }

  readonly #steps: Readonly<Record<NextStep, StepOf>> = {
    'verify-email': (context, flow, given) => this.#verified(context, flow, given, 'email'),
    'verify-phone': (context, flow, given) => this.#verified(context, flow, given, 'phone'),
    'change-password': async (context, flow, { password }) => {
      if (password === undefined) throw missing('/password');
      const { epoch } = await this.passwordChange.renew(context, flow.user, password);
      return { ...flow, epochs: { ...flow.epochs, credentials: epoch } };
    },
    'second-factor': () => Promise.reject(new CommandRejected('invalid-flow')),
    captcha: () => Promise.reject(new CommandRejected('invalid-flow')),
  };

  async #verified(
    context: CommandContext,
    flow: SignInFlow,
    { code }: Continuation,
    kind: 'email' | 'phone',
  ): Promise<SignInFlow> {
    if (code === undefined) throw missing('/code');
    await this.verification.confirm(context, {
      kind,
      code,
      user: flow.user,
      ...(flow.claim !== undefined && { claim: flow.claim }),
    });
    return flow;
  }
}

const missing = (pointer: string): CommandRejected =>
  new CommandRejected('invalid-fields', { fields: [{ pointer, code: 'required', message: 'This step needs it.' }] });
