import { consent } from '../domain/consent/consent.js';
import type { ClientId, TenantId, UserId } from '../domain/values.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { Steps } from './steps.js';
import type { Transactor } from './transactor.js';

/** What people agreed that applications may have. */
export class Consents {
  constructor(
    private readonly transactor: Transactor,
    private readonly entropy: Entropy,
    private readonly steps: Steps,
  ) {}

  async granted(tenant: TenantId, user: UserId, client: ClientId): Promise<readonly string[]> {
    const { state } = await this.transactor.load(consent, tenant, this.#id(user, client));
    return state.scopes;
  }

  async give(context: CommandContext, user: UserId, client: ClientId, scopes: readonly string[]): Promise<void> {
    await this.transactor.transact(consent, this.#id(user, client), this.steps.of(context, 'consent'), {
      type: 'GiveConsent',
      user,
      client,
      scopes,
      at: context.at,
    });
  }

  /** @throws CommandRejected no-such-consent */
  async withdraw(context: CommandContext, user: UserId, client: ClientId): Promise<Position | undefined> {
    const { position } = await this.transactor.transact(
      consent,
      this.#id(user, client),
      this.steps.of(context, 'withdraw-consent'),
      { type: 'WithdrawConsent', user, client, at: context.at },
    );
    return position;
  }

  /** One stream for each person and client. */
  #id(user: UserId, client: ClientId): string {
    return this.entropy.derived(user, `consent:${client}`);
  }
}
