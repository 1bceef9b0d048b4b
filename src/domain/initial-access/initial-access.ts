import { type Aggregate, accept, type Catalogue, type Decision, type Message, reject } from '../decider.js';
import type { ClientId, Instant } from '../values.js';

/** Of the token only a keyed digest is kept. */
type Issued = { digest: string; uses: number; expiresAt: Instant; at: Instant };

/* A token with which applications may register themselves so many times (RFC 7591 section 3). Names are stored for ever. */
export type InitialAccessEvent =
  | Message<'initial-access.issued', Issued>
  | Message<'initial-access.used', { client: ClientId; at: Instant }>
  | Message<'initial-access.revoked', { at: Instant }>;

export type InitialAccess =
  | Readonly<{ status: 'none' | 'revoked' }>
  | Readonly<{ status: 'issued'; digest: string; left: number; expiresAt: Instant }>;

export type InitialAccessCommand =
  | Message<'IssueInitialAccess', Issued>
  | Message<'UseInitialAccess', { digest: string; client: ClientId; at: Instant }>
  | Message<'RevokeInitialAccess', { at: Instant }>;

export type InitialAccessRejection = 'initial-access-exists' | 'invalid-registration-token' | 'no-such-initial-access';

type Decided = Decision<InitialAccessEvent, InitialAccessRejection>;

const events: Catalogue<InitialAccessEvent> = {
  'initial-access.issued': { version: 1, retention: 'account' },
  'initial-access.used': { version: 1, retention: 'account' },
  'initial-access.revoked': { version: 1, retention: 'account' },
};

export const initialAccess: Aggregate<InitialAccess, InitialAccessCommand, InitialAccessEvent, InitialAccessRejection> =
  {
    category: 'initialaccess',
    schema: 1,
    initial: { status: 'none' },
    events,
    decide: {
      IssueInitialAccess: (state, { type: _, ...issued }): Decided =>
        state.status === 'none'
          ? accept({ type: 'initial-access.issued', ...issued })
          : reject('initial-access-exists'),
      /** The append at the revision that was judged makes of many uses at once no more than there are. */
      UseInitialAccess: (state, { digest, client, at }): Decided => {
        if (state.status !== 'issued' || state.digest !== digest) return reject('invalid-registration-token');
        if (state.left < 1 || at >= state.expiresAt) return reject('invalid-registration-token');

        return accept({ type: 'initial-access.used', client, at });
      },
      RevokeInitialAccess: (state, { at }): Decided => {
        if (state.status === 'none') return reject('no-such-initial-access');
        if (state.status === 'revoked') return accept();

        return accept({ type: 'initial-access.revoked', at });
      },
    },
    evolve: {
      'initial-access.issued': (_, { digest, uses, expiresAt }) => ({
        status: 'issued',
        digest,
        left: uses,
        expiresAt,
      }),
      'initial-access.used': (state) => (state.status === 'issued' ? { ...state, left: state.left - 1 } : state),
      'initial-access.revoked': () => ({ status: 'revoked' }),
    },
  };
