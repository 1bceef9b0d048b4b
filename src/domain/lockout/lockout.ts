import { type Aggregate, accept, type Catalogue, type Message } from '../decider.js';
import type { Instant, UserId } from '../values.js';

/* The facts of lockout; the exact counting is done by attempt slots before any hash is computed. Names are stored for ever. */
export type LockoutEvent =
  | Message<
      'lockout.locked',
      { user: UserId; authenticator: string; source: string; failures: number; until?: Instant; at: Instant }
    >
  | Message<'lockout.cleared', { user: UserId; by: 'administrator' | 'reset'; at: Instant }>;

/** `until` is missing where the authenticator is off until it is cleared. */
export type Lockout = Readonly<{ locked: boolean; until?: Instant }>;

export type LockoutCommand =
  | Message<
      'RecordLock',
      { user: UserId; authenticator: string; source: string; failures: number; until?: Instant; at: Instant }
    >
  | Message<'ClearLockout', { user: UserId; by: 'administrator' | 'reset'; at: Instant }>;

const events: Catalogue<LockoutEvent> = {
  'lockout.locked': { version: 1, retention: 'security' },
  'lockout.cleared': { version: 1, retention: 'security' },
};

export const lockout: Aggregate<Lockout, LockoutCommand, LockoutEvent, never> = {
  category: 'lockout',
  schema: 1,
  initial: { locked: false },
  events,
  decide: {
    RecordLock: (_, { type: _type, ...lock }) => accept({ type: 'lockout.locked', ...lock }),
    ClearLockout: (_, { user, by, at }) => accept({ type: 'lockout.cleared', user, by, at }),
  },
  evolve: {
    'lockout.locked': (_, { until }) => ({ locked: true, ...(until && { until }) }),
    'lockout.cleared': () => ({ locked: false }),
  },
};
