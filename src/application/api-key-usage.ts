import { apiKey } from '../domain/api-key/api-key.js';
import type { Instant } from '../domain/values.js';
import type { ApiKeyUses } from './ports/api-key-uses.js';
import type { Entropy } from './ports/entropy.js';
import type { Transactor } from './transactor.js';

/** Keys whose use one run tells of. */
const perRun = 1_000;

/** Tells the log how often API keys were used: one event for each key that was, whenever the job runs. */
export class ApiKeyUsage {
  constructor(
    private readonly transactor: Transactor,
    private readonly uses: ApiKeyUses,
    private readonly entropy: Entropy,
  ) {}

  /** @returns how many keys */
  async tell(at: Instant): Promise<number> {
    const taken = await this.uses.take(at, perRun);
    for (const { tenant, key, count, total, from, to } of taken) {
      const commandId = this.entropy.derived(key, `use:${total}`);
      const actor = { kind: 'system', id: 'api-key-usage' } as const;
      const context = { tenant, actor, commandId, correlationId: commandId, at };
      await this.transactor.transact(apiKey, key, context, { type: 'NoteApiKeyUse', key, count, from, at: to });
    }
    return taken.length;
  }
}
