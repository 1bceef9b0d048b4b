import {
  administrators,
  type Administrators,
  type AdministratorsCommand,
  remains,
  type Standing,
} from '../domain/administrators/administrators.js';
import { isActiveAdministrator } from '../domain/user/state.js';
import { user } from '../domain/user/user.js';
import { secondsBetween, type TenantId, type UserId } from '../domain/values.js';
import type { CommandContext } from './ports/event-log.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { Steps } from './steps.js';
import type { Transactor } from './transactor.js';

/** Seconds after which an announced departure that has not happened is taken for that of a command which died. */
const departureSeconds = 60;

/** Keeps every tenant that has administrators from losing the last one, whoever leaves at the same time. */
export class TenantAdministrators {
  constructor(
    private readonly transactor: Transactor,
    private readonly rows: SecurityRows,
    private readonly steps: Steps,
  ) {}

  /**
   * To be called before an account that is an active administrator at this revision of its stream ceases to be one, which may then happen
   * at this revision only. @throws CommandRejected last-administrator
   */
  async announceDeparture(context: CommandContext, leaving: Standing): Promise<void> {
    const { tenant, at } = context;
    const step = this.steps.of(context, `departure:${leaving.user}:${leaving.revision}`);
    await this.transactor.transact(
      administrators,
      tenant,
      step,
      async (state): Promise<AdministratorsCommand> => ({
        type: 'AnnounceDeparture',
        ...leaving,
        others: await this.#others(tenant, state, leaving.user),
        at,
      }),
    );
  }

  /**
   * A command may have died between announcing a departure and carrying it out. An entry in the stream of the account makes it conflict
   * should it only be slow, so that the account can be counted on again.
   * @returns whether there was such an account
   */
  async freeAbandoned(context: CommandContext, leaving: UserId): Promise<boolean> {
    const { tenant, at } = context;
    const { state } = await this.transactor.load(administrators, tenant, tenant);
    for await (const standing of this.#active(tenant, leaving)) {
      const departure = state.departures[standing.user];
      if (!departure || remains(state, standing) || secondsBetween(departure.at, at) < departureSeconds) continue;
      const step = this.steps.of(context, `stay:${standing.user}:${standing.revision}`);
      await this.transactor.transact(user, standing.user, step, {
        type: 'AbandonDeparture',
        user: standing.user,
        at,
      });
      return true;
    }
    return false;
  }

  /** As far as the first that can be counted on. */
  async #others(tenant: TenantId, state: Administrators, leaving: UserId): Promise<readonly Standing[]> {
    const found: Standing[] = [];
    for await (const standing of this.#active(tenant, leaving)) {
      found.push(standing);
      if (remains(state, standing)) break;
    }
    return found;
  }

  /** The rows say whom to ask; what counts is what the accounts' own streams say now. */
  async *#active(tenant: TenantId, leaving: UserId): AsyncIterable<Standing> {
    for (const id of await this.rows.administrators(tenant)) {
      if (id === leaving) continue;
      const { state, revision } = await this.transactor.load(user, tenant, id);
      if (isActiveAdministrator(state)) yield { user: id, revision };
    }
  }
}
