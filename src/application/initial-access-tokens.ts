import { initialAccess } from '../domain/initial-access/initial-access.js';
import { type ClientId, type Instant, plusSeconds, type TenantId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { Vault } from './ports/vault.js';
import type { Steps } from './steps.js';
import type { Transactor } from './transactor.js';

export type NewInitialAccess = Readonly<{ id: string; token: string; expiresAt: Instant; position?: Position }>;

const form = /^annal_iat_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.[0-9A-Za-z]{43}$/;

/** Tokens with which applications may register themselves: `annal_iat_<id>.<256 bits>`. */
export class InitialAccessTokens {
  constructor(
    private readonly transactor: Transactor,
    private readonly vault: Vault,
    private readonly entropy: Entropy,
    private readonly steps: Steps,
  ) {}

  /** The token is answered once and never again. */
  async issue(context: CommandContext, uses: number, seconds: number): Promise<NewInitialAccess> {
    const { tenant, at } = context;
    const id = this.steps.id<string>(context, 'initial-access');
    const token = `annal_iat_${id}.${this.entropy.token(256)}`;
    const expiresAt = plusSeconds(at, seconds);
    const digest = await this.#digest(tenant, token);
    const command = { type: 'IssueInitialAccess', digest, uses, expiresAt, at } as const;
    const { position } = await this.transactor.transact(initialAccess, id, context, command);
    return { id, token, expiresAt, ...(position && { position }) };
  }

  /** One of its uses, for this client. @throws CommandRejected invalid-registration-token */
  async use(context: CommandContext, token: string | undefined, client: ClientId): Promise<void> {
    const { tenant, at } = context;
    const id = form.exec(token ?? '')?.[1];
    if (token === undefined || id === undefined) throw new CommandRejected('invalid-registration-token');
    const digest = await this.#digest(tenant, token);
    const step = this.steps.of(context, 'initial-access');
    await this.transactor.transact(initialAccess, id, step, { type: 'UseInitialAccess', digest, client, at });
  }

  /** @throws CommandRejected no-such-initial-access */
  async revoke(context: CommandContext, id: string): Promise<Position | undefined> {
    const command = { type: 'RevokeInitialAccess', at: context.at } as const;
    return (await this.transactor.transact(initialAccess, id, context, command)).position;
  }

  async #digest(tenant: TenantId, token: string): Promise<string> {
    return Buffer.from(await this.vault.mac(tenant, 'initial-access.v1', token)).toString('hex');
  }
}
