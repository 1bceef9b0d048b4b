import { type Aggregate, accept, type Catalogue, type Decision, type Message, reject } from '../decider.js';
import { type Instant, secondsBetween, type UserId } from '../values.js';

/*
 * One stream per identifier of a tenant decides who may use it. Its id is `<kind>.<keyed hash>`; the identifier itself is never stored.
 * Event names are stored for ever.
 */
export type ClaimEvent =
  | Message<'claim.reserved', { user: UserId; at: Instant }>
  | Message<'claim.held', { user: UserId; at: Instant }>
  | Message<'claim.released', { user: UserId; at: Instant }>;

export type Claim =
  | Readonly<{ status: 'free' }>
  | Readonly<{ status: 'reserved'; user: UserId; at: Instant }>
  | Readonly<{ status: 'held'; user: UserId }>;

export type ClaimCommand =
  | Message<'ReserveClaim', { user: UserId; at: Instant }>
  | Message<'HoldClaim', { user: UserId; at: Instant }>
  | Message<'ReleaseClaim', { user: UserId; at: Instant }>;

export type ClaimRejection = 'identifier-taken' | 'claim-lost';

type Decided = Decision<ClaimEvent, ClaimRejection>;

/** A reservation older than this whose holder never came into being belongs to a command that died. */
const reservationSeconds = 30;

/** Whether the command that reserved may be taken for dead, should its holder not have come into being. */
export const isOverdue = (state: Extract<Claim, { status: 'reserved' }>, now: Instant): boolean =>
  secondsBetween(state.at, now) >= reservationSeconds;

function reserve(state: Claim, { user, at }: { user: UserId; at: Instant }): Decided {
  if (state.status !== 'free') return state.user === user ? accept() : reject('identifier-taken');

  return accept({ type: 'claim.reserved', user, at });
}

function hold(state: Claim, { user, at }: { user: UserId; at: Instant }): Decided {
  if (state.status === 'free' || state.user !== user) return reject('claim-lost');
  if (state.status === 'held') return accept();

  return accept({ type: 'claim.held', user, at });
}

/** Releasing what another holds, or nobody, changes nothing. */
function release(state: Claim, { user, at }: { user: UserId; at: Instant }): Decided {
  if (state.status === 'free' || state.user !== user) return accept();

  return accept({ type: 'claim.released', user, at });
}

const events: Catalogue<ClaimEvent> = {
  'claim.reserved': { version: 1, retention: 'account' },
  'claim.held': { version: 1, retention: 'account' },
  'claim.released': { version: 1, retention: 'account' },
};

export const claim: Aggregate<Claim, ClaimCommand, ClaimEvent, ClaimRejection> = {
  category: 'claim',
  schema: 1,
  initial: { status: 'free' },
  decide: { ReserveClaim: reserve, HoldClaim: hold, ReleaseClaim: release },
  evolve: {
    'claim.reserved': (_, { user, at }) => ({ status: 'reserved', user, at }),
    'claim.held': (_, { user }) => ({ status: 'held', user }),
    'claim.released': () => ({ status: 'free' }),
  },
  events,
};
