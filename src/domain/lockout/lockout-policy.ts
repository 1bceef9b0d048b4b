import type { LockoutPolicy } from '../tenant/settings.js';
import { type Instant, milliseconds, plusSeconds } from '../values.js';

/**
 * What failed tries cost. `until` is missing where nothing has to be waited for, and where the authenticator is off.
 */
export type Lock = Readonly<{ until?: Instant; disabled: boolean }>;

/** Failures of one authenticator from one source: in the window that ended at `last`, and since the last success. */
export type Failures = Readonly<{ inWindow: number; consecutive: number; last: Instant }>;

/**
 * Seconds to wait after the given number of failures: nothing below the threshold, then doubling up to the longest
 * delay.
 */
export function delaySeconds(policy: LockoutPolicy, failures: number): number {
  if (failures < policy.threshold) return 0;

  return Math.min(policy.maxDelaySeconds, policy.firstDelaySeconds * 2 ** (failures - policy.threshold));
}

/** The delay after 0, 1, 2 … failures, as far as it grows; whoever failed more often waits the last one. */
export function delays(policy: LockoutPolicy): readonly number[] {
  const doublings = Math.log2(policy.maxDelaySeconds / Math.max(1, policy.firstDelaySeconds));
  const length = policy.threshold + Math.max(0, Math.ceil(doublings)) + 1;

  return Array.from({ length }, (_, failures) => delaySeconds(policy, failures));
}

export function lockAfter(policy: LockoutPolicy, { inWindow, consecutive, last }: Failures): Lock {
  if (!policy.enabled) return { disabled: false };
  if (consecutive >= policy.hardLimit) return { disabled: true };
  const delay = delaySeconds(policy, inWindow);

  return delay > 0 ? { until: plusSeconds(last, delay), disabled: false } : { disabled: false };
}

export const isLocked = (lock: Lock, at: Instant): boolean =>
  lock.disabled || (lock.until !== undefined && milliseconds(at) < milliseconds(lock.until));
