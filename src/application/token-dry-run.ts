import type { ClientId, GrantId, SessionId, UserId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { CommandContext } from './ports/event-log.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { Steps } from './steps.js';
import type { Tenants } from './tenants.js';
import type { ExplainedClaim, TokenMaking } from './token-making.js';
import type { TokenPolicies } from './token-policies.js';

export type DryRun = Readonly<{ client: ClientId; scope: readonly string[]; user?: UserId }>;

/** What a token would say under a policy, and why. Nothing is signed and nothing recorded. */
export class TokenDryRun {
  constructor(
    private readonly policies: TokenPolicies,
    private readonly making: TokenMaking,
    private readonly tenants: Tenants,
    private readonly rows: SecurityRows,
    private readonly steps: Steps,
  ) {}

  /** @throws CommandRejected no-such-token-policy, unknown-client, no-such-user */
  async run(
    context: CommandContext,
    policy: string,
    { client, scope, user }: DryRun,
  ): Promise<readonly ExplainedClaim[]> {
    const { tenant } = context;
    const [recipe, settings, row] = await Promise.all([
      this.policies.newest(tenant, policy),
      this.tenants.policy(tenant),
      this.rows.client(tenant, client),
    ]);
    if (!row || row.status === 'removed') throw new CommandRejected('unknown-client');
    const person = user && {
      user,
      session: this.steps.id<SessionId>(context, 'session'),
      grant: this.steps.id<GrantId>(context, 'grant'),
    };
    const content = { id: this.steps.id<string>(context, 'token'), client, scope, ...(person && { person }) };
    return this.making.explain(context, settings, recipe, content);
  }
}
