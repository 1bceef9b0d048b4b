import type pg from 'pg';
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import {
  type RateLimitName,
  RateLimits,
  RateLimitsUnavailable,
  type RateVerdict,
} from '../application/ports/rate-limits.js';
import type { Vault } from '../application/ports/vault.js';
import type { TenantId } from '../domain/values.js';

export type Budget = Readonly<{ points: number; seconds: number }>;
export type Budgets = Readonly<Record<RateLimitName, Budget>>;

/** Per caller (address and tenant), unless the caller of the port says otherwise. */
export const defaultBudgets: Budgets = {
  default: { points: 1_200, seconds: 60 },
  protocol: { points: 60_000, seconds: 60 },
  'sign-in': { points: 60, seconds: 60 },
  mail: { points: 10, seconds: 600 },
  registration: { points: 20, seconds: 3_600 },
};

/**
 * `own`: counted in each process, so that ordinary requests cost no write. `shared`: counted in PostgreSQL over all instances, for what an
 * attacker gains by; it fails closed, since the service behind it needs the same database anyway.
 */
const stores: Readonly<Record<RateLimitName, 'own' | 'shared'>> = {
  default: 'own',
  protocol: 'own',
  'sign-in': 'shared',
  mail: 'shared',
  registration: 'shared',
};

type Limiter = Readonly<{ budget: Budget; store: 'own' | 'shared'; limiter: RateLimiterAbstract }>;

/** Fixed windows. A key that has used up a shared budget is refused from memory until its window ends. */
export class FlexibleRateLimits extends RateLimits {
  private readonly limiters: Readonly<Record<RateLimitName, Limiter>>;

  /** `owner`: whose look-up key blinds the stored keys, which hold addresses. */
  constructor(
    pool: pg.Pool,
    private readonly vault: Vault,
    private readonly owner: TenantId,
    budgets: Budgets = defaultBudgets,
  ) {
    super();
    const limiter = (name: RateLimitName): Limiter => {
      const budget = budgets[name];
      const options = { keyPrefix: name, points: budget.points, duration: budget.seconds };
      const shared = { ...options, storeClient: pool, storeType: 'pool', tableName: 'rate_limits', tableCreated: true };
      const store = stores[name];
      return {
        budget,
        store,
        limiter:
          store === 'own'
            ? new RateLimiterMemory(options)
            : new RateLimiterPostgres({ ...shared, inMemoryBlockOnConsumed: budget.points + 1 }),
      };
    };
    this.limiters = {
      default: limiter('default'),
      protocol: limiter('protocol'),
      'sign-in': limiter('sign-in'),
      mail: limiter('mail'),
      registration: limiter('registration'),
    };
  }

  async consume(name: RateLimitName, key: string): Promise<RateVerdict> {
    const { budget, store, limiter } = this.limiters[name];
    try {
      const stored = store === 'own' ? key : await this.blinded(key);
      return verdict(budget, true, await limiter.consume(stored));
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return verdict(budget, false, refusal);
      throw new RateLimitsUnavailable({ cause: refusal });
    }
  }

  private async blinded(key: string): Promise<string> {
    const mac = await this.vault.mac(this.owner, 'rate-limits', key);
    return Buffer.from(mac).toString('base64url');
  }
}

const verdict = (budget: Budget, allowed: boolean, state: RateLimiterRes): RateVerdict => ({
  allowed,
  limit: budget.points,
  remaining: Math.max(0, state.remainingPoints),
  resetSeconds: Math.max(1, Math.ceil(state.msBeforeNext / 1000)),
  windowSeconds: budget.seconds,
});
