import { type Aggregate, accept, type Catalogue, type Message, reject } from '../decider.js';
import type { Origin } from '../signin/signin.js';
import type { AttemptId, ClientId, DeviceId, Instant, SessionId, Trace, UserId } from '../values.js';
import type { Epochs } from './epochs.js';

export type SessionEnd = 'signed-out' | 'revoked' | 'superseded' | 'refresh-token-reuse';

type Start = {
  user: UserId;
  session: SessionId;
  client: ClientId;
  attempt?: AttemptId;
  /** Authentication method references (RFC 8176). */
  factors: readonly string[];
  origin: Trace<Origin>;
  device?: DeviceId;
  epochs: Epochs;
  /** The absolute limit. */
  expiresAt: Instant;
  at: Instant;
};

/** Somebody proved once more who they are; what was given out on the session stays. */
type Proof = { user: UserId; session: SessionId; attempt?: AttemptId; factors: readonly string[]; at: Instant };

/* These names are stored for ever. */
export type SessionEvent =
  | Message<'session.started', Start>
  | Message<'session.reauthenticated', Proof>
  | Message<'session.ended', { user: UserId; reason: SessionEnd; at: Instant }>;

export type Session =
  | Readonly<{ status: 'none' }>
  | Readonly<Start & { status: 'active'; authenticatedAt: Instant }>
  | Readonly<Start & { status: 'ended'; authenticatedAt: Instant; reason: SessionEnd; endedAt: Instant }>;

export type SessionCommand =
  | Message<'StartSession', Start>
  | Message<'ReauthenticateSession', Proof>
  | Message<'EndSession', { user: UserId; reason: SessionEnd; at: Instant }>;

export type SessionRejection = 'session-exists' | 'no-such-session';

const events: Catalogue<SessionEvent> = {
  'session.started': { version: 1, retention: 'security' },
  'session.reauthenticated': { version: 1, retention: 'security' },
  'session.ended': { version: 1, retention: 'security' },
};

export const session: Aggregate<Session, SessionCommand, SessionEvent, SessionRejection> = {
  category: 'session',
  schema: 2,
  initial: { status: 'none' },
  events,
  decide: {
    StartSession: (state, { type: _, ...start }) =>
      state.status === 'none' ? accept({ type: 'session.started', ...start }) : reject('session-exists'),
    ReauthenticateSession: (state, { type: _, ...proof }) =>
      state.status === 'active' && state.user === proof.user
        ? accept({ type: 'session.reauthenticated', ...proof })
        : reject('no-such-session'),
    /** Somebody else's session looks like none. */
    EndSession: (state, { user, reason, at }) => {
      if (state.status === 'none' || state.user !== user) return reject('no-such-session');
      if (state.status === 'ended') return accept();

      return accept({ type: 'session.ended', user, reason, at });
    },
  },
  evolve: {
    'session.started': (_, { type: _type, ...start }) => ({ status: 'active', ...start, authenticatedAt: start.at }),
    'session.reauthenticated': (state, { factors, at }) =>
      state.status === 'active' ? { ...state, factors, authenticatedAt: at } : state,
    'session.ended': (state, { reason, at }) =>
      state.status === 'active' ? { ...state, status: 'ended', reason, endedAt: at } : state,
  },
};
