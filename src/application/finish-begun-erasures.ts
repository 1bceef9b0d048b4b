import { user } from '../domain/user/user.js';
import type { Instant } from '../domain/values.js';
import type { BegunErasure, BegunErasures } from './ports/begun-erasures.js';
import type { Entropy } from './ports/entropy.js';
import type { Transactor } from './transactor.js';
import type { UserAdministration } from './user-administration.js';

/** Per run; the next one follows soon. */
const batch = 100;

/** What an instance began and died over: the person is erased by the log, and keys or copies may be there still. */
export class FinishBegunErasures {
  constructor(
    private readonly transactor: Transactor,
    private readonly administration: UserAdministration,
    private readonly begun: BegunErasures,
    private readonly entropy: Entropy,
  ) {}

  /** @returns how many were finished @throws what one of them threw, once the others are done */
  async run(at: Instant): Promise<number> {
    const outcomes: PromiseSettledResult<boolean>[] = [];
    for (const one of await this.begun.list(batch))
      outcomes.push(...(await Promise.allSettled([this.#finish(one, at)])));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value).length;
  }

  async #finish({ tenant, user: owner, isOld }: BegunErasure, at: Instant): Promise<boolean> {
    const { state } = await this.transactor.load(user, tenant, owner);
    if (state.status !== 'erased') {
      // The command died before the fact, and nobody was erased; or it is at work.
      if (isOld) await this.begun.end(tenant, owner);
      return false;
    }
    const commandId = this.entropy.uuid();
    const actor = { kind: 'system', id: 'finish-begun-erasures' } as const;
    await this.administration.repeatErasure({ tenant, actor, commandId, correlationId: commandId, at }, owner);
    return true;
  }
}
