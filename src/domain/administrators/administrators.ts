import { type Aggregate, accept, type Catalogue, type Decision, type Message, reject } from '../decider.js';
import type { Instant, UserId } from '../values.js';

/** An account as an active administrator, at the revision of its own stream at which it is one. */
export type Standing = Readonly<{ user: UserId; revision: number }>;

/*
 * One stream per tenant decides who may cease to be an active administrator. Whoever does says so here first, and leaves only at the very
 * revision that was announced: from then on nobody counts on that account any more, whether or not it is gone already. Event names are
 * stored for ever.
 */
export type AdministratorsEvent = Message<
  'administrators.departure-announced',
  { user: UserId; revision: number; at: Instant }
>;

export type Administrators = Readonly<{
  /** The newest departure of each account. */
  departures: Readonly<Record<UserId, Readonly<{ revision: number; at: Instant }>>>;
}>;

/** `others` are active administrators beside the one that leaves, looked up after this stream's state was read. */
export type AdministratorsCommand = Message<
  'AnnounceDeparture',
  Standing & { others: readonly Standing[]; at: Instant }
>;

export type AdministratorsRejection = 'last-administrator';

type Decided = Decision<AdministratorsEvent, AdministratorsRejection>;

/** Whether others may count on an administrator: what was announced at an earlier revision cannot happen any more. */
export const remains = ({ departures }: Administrators, { user, revision }: Standing): boolean =>
  revision > (departures[user]?.revision ?? -1);

function announceDeparture(state: Administrators, { user, revision, others, at }: AdministratorsCommand): Decided {
  if (!remains(state, { user, revision })) return accept();
  if (!others.some((other) => other.user !== user && remains(state, other))) return reject('last-administrator');

  return accept({ type: 'administrators.departure-announced', user, revision, at });
}

const events: Catalogue<AdministratorsEvent> = {
  'administrators.departure-announced': { version: 1, retention: 'account' },
};

export const administrators: Aggregate<
  Administrators,
  AdministratorsCommand,
  AdministratorsEvent,
  AdministratorsRejection
> = {
  category: 'administrators',
  schema: 1,
  initial: { departures: {} },
  events,
  decide: { AnnounceDeparture: announceDeparture },
  evolve: {
    'administrators.departure-announced': ({ departures }, { user, revision, at }) => ({
      departures: { ...departures, [user]: { revision, at } },
    }),
  },
};
