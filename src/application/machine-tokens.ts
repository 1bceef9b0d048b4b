import { standardScopes } from '../domain/authorization/scopes.js';
import type { ClientMetadata } from '../domain/client/metadata.js';
import { token } from '../domain/token/token.js';
import type { ClientId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { Tenants } from './tenants.js';
import type { TokenMaking } from './token-making.js';
import type { Transactor } from './transactor.js';

/** A client that has proved itself, with the epoch of the row that it was judged by. */
export type ProvedClient = Readonly<{ id: ClientId; metadata: ClientMetadata; epoch: number }>;

export type IssuedToken = Readonly<{
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  scope: readonly string[];
  position: Position;
}>;

/** What only a person can allow. */
const personal: ReadonlySet<string> = new Set([...standardScopes, 'account', 'administration']);

/** Tokens with which a client acts for itself (RFC 6749 section 4.4). Each is a fact, so that each can be shown and ended. */
export class MachineTokens {
  constructor(
    private readonly transactor: Transactor,
    private readonly tenants: Tenants,
    private readonly making: TokenMaking,
    private readonly entropy: Entropy,
  ) {}

  /** @throws CommandRejected invalid-scope, no-signing-key, tenant-suspended */
  async issue(
    context: CommandContext,
    { id: client, metadata, epoch }: ProvedClient,
    wanted: readonly string[] | undefined,
    boundTo?: string,
  ): Promise<IssuedToken> {
    const { tenant, at } = context;
    const registered = metadata.scopes.filter((one) => !personal.has(one));
    if (wanted?.some((one) => !registered.includes(one))) throw new CommandRejected('invalid-scope');
    const scope = wanted ?? registered;
    const [policy, recipe] = await Promise.all([
      this.tenants.activePolicy(tenant),
      this.making.recipe(context, client),
    ]);
    const id = this.entropy.uuid();
    const { audience, expiresAt, expiresIn } = this.making.frame(context, policy, recipe);
    const { madeUnder } = recipe;
    const bound = boundTo !== undefined && { boundTo };
    // Nothing has this id yet, so nobody can have carried it out before.
    const issuing: CommandContext = { ...context, actor: { kind: 'client', tenant, id: client }, fresh: true };
    // Tokens may be made meanwhile: they leave the house only when what they stand on is recorded.
    const [{ position }, accessToken] = await Promise.all([
      this.transactor.transact(token, id, issuing, {
        type: 'IssueToken',
        kind: 'machine',
        client,
        scope,
        audience,
        epochs: { tenant: policy.epoch, client: epoch },
        ...(madeUnder && { madeUnder }),
        ...bound,
        expiresAt,
        at,
      }),
      this.making.make(context, policy, recipe, { id, client, scope, ...bound }),
    ]);
    return { accessToken, expiresIn, scope, position: position as Position };
  }
}
