import type { Budgets } from '../../src/infrastructure/rate-limits.js';

const unlimited = { points: 1_000_000, seconds: 60 };

export const noLimits: Budgets = {
  default: unlimited,
  protocol: unlimited,
  'sign-in': unlimited,
  mail: unlimited,
  registration: unlimited,
};

/** The smallest that the algorithm allows: specs measure logic, not hashing. */
export const cheapHashing = { memoryKib: 64, passes: 1, lanes: 1 };
