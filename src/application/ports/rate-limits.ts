/** The limiters; each has its own budget and key (see src/infrastructure/rate-limits.ts). */
export type RateLimitName = 'default' | 'protocol' | 'sign-in' | 'mail' | 'registration';

export type RateVerdict = Readonly<{
  allowed: boolean;
  limit: number;
  /** Requests left in this window. */
  remaining: number;
  /** Whole seconds until the window ends. */
  resetSeconds: number;
  windowSeconds: number;
}>;

/** The store of a limiter that fails closed does not answer. */
export class RateLimitsUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('the store of the rate limits does not answer', options);
    this.name = 'RateLimitsUnavailable';
  }
}

export abstract class RateLimits {
  /** Takes one request off the budget of `key`. @throws RateLimitsUnavailable */
  abstract consume(limiter: RateLimitName, key: string): Promise<RateVerdict>;
}
