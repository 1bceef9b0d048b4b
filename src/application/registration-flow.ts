import { firstPartyClient } from '../domain/client/client.js';
import { type AttemptId, plusSeconds, type UserId } from '../domain/values.js';
import type { Identifiers } from './identifiers.js';
import type { CommandContext } from './ports/event-log.js';
import type { RegisterUser, Registration } from './registration.js';
import type { Sessions } from './sessions.js';
import type { SignInFlows } from './sign-in-flow.js';
import type { Steps } from './steps.js';
import type { Tenants } from './tenants.js';

/** The step that follows a registration in the browser that made it, with the flow to send along. */
export type RegistrationStep = Readonly<{ step: 'verify-email' | 'verify-phone'; flow: string }>;

/** Longer than one code lives: the person may ask for another. */
const openSeconds = 3_600;

/**
 * Registers people who go straight on: the browser that knew the password when it registered is signed in by the code that follows. The flow names
 * the account that this very registration makes. Where the address was taken there is none, and no code is right (VC-11).
 */
export class RegistrationFlow {
  constructor(
    private readonly registration: Registration,
    private readonly tenants: Tenants,
    private readonly identifiers: Identifiers,
    private readonly sessions: Sessions,
    private readonly flows: SignInFlows,
    private readonly steps: Steps,
  ) {}

  /** Undefined where there is no address to prove. @throws CommandRejected registration-closed, invalid-fields, identifier-taken */
  async register(context: CommandContext, person: RegisterUser): Promise<RegistrationStep | undefined> {
    const { tenant, at } = context;
    const { names } = person;
    await this.registration.register(context, person);
    const kind = names.email !== undefined ? 'email' : names.phone !== undefined ? 'phone' : undefined;
    if (kind === undefined) return undefined;

    const policy = await this.tenants.activePolicy(tenant);
    const owner = this.steps.id<UserId>(context, 'user');
    const step = kind === 'email' ? 'verify-email' : 'verify-phone';
    const flow = await this.flows.seal(tenant, {
      user: owner,
      client: firstPartyClient,
      attempt: this.steps.id<AttemptId>(context, 'attempt'),
      identifier: kind,
      factors: ['pwd'],
      step,
      epochs: await this.sessions.epochs(policy, owner, firstPartyClient),
      claim: await this.identifiers.claimOf(tenant, this.identifiers.normalise(kind, names[kind] ?? '')),
      expiresAt: plusSeconds(at, openSeconds),
    });
    return { step, flow };
  }
}
