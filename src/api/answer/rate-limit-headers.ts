import type { RateLimitName, RateVerdict } from '../../application/ports/rate-limits.js';

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4): quota, window, rest and reset. */
export function rateLimitHeaders(limiter: RateLimitName, verdict: RateVerdict): readonly (readonly [string, string])[] {
  return [
    ['RateLimit-Policy', `"${limiter}";q=${verdict.limit};w=${verdict.windowSeconds}`],
    ['RateLimit', `"${limiter}";r=${verdict.remaining};t=${verdict.resetSeconds}`],
  ];
}
