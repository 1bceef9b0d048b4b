import { type Aggregate, accept, type Catalogue, type Decision, type Message, reject } from '../decider.js';
import type { ClientId, Instant } from '../values.js';

/** An application or API of the tenant. Confidential ones prove themselves with a secret, of which only a keyed digest is kept. */
type Registered = { name: string; confidential: boolean; secretDigest?: string; at: Instant };

/* These names are stored for ever. */
export type ClientEvent =
  | Message<'client.registered', Registered>
  | Message<'client.secret-rotated', { secretDigest: string; at: Instant }>
  | Message<'client.disabled', { at: Instant }>
  | Message<'client.enabled', { at: Instant }>
  | Message<'client.removed', { at: Instant }>;

export type Client =
  | Readonly<{ status: 'none' }>
  | Readonly<Registered & { status: 'enabled' | 'disabled'; epoch: number }>
  | Readonly<{ status: 'removed'; epoch: number }>;

export type ClientCommand =
  | Message<'RegisterClient', Registered>
  | Message<'RotateClientSecret', { secretDigest: string; at: Instant }>
  | Message<'DisableClient', { at: Instant }>
  | Message<'EnableClient', { at: Instant }>
  | Message<'RemoveClient', { at: Instant }>;

export type ClientRejection = 'client-exists' | 'no-such-client' | 'client-not-confidential';

type Decided = Decision<ClientEvent, ClientRejection>;
type Present = Extract<Client, { status: 'enabled' | 'disabled' }>;

const present = (state: Client): state is Present => state.status === 'enabled' || state.status === 'disabled';

/** The client that the service's own pages and first-party apps use where none is named; it is public and always there. */
export const firstPartyClient = 'annal' as ClientId;

const events: Catalogue<ClientEvent> = {
  'client.registered': { version: 1, retention: 'account' },
  'client.secret-rotated': { version: 1, retention: 'account' },
  'client.disabled': { version: 1, retention: 'account' },
  'client.enabled': { version: 1, retention: 'account' },
  'client.removed': { version: 1, retention: 'account' },
};

export const client: Aggregate<Client, ClientCommand, ClientEvent, ClientRejection> = {
  category: 'client',
  schema: 1,
  initial: { status: 'none' },
  events,
  decide: {
    RegisterClient: (state, { type: _, ...registered }): Decided =>
      state.status === 'none' ? accept({ type: 'client.registered', ...registered }) : reject('client-exists'),
    RotateClientSecret: (state, { secretDigest, at }): Decided => {
      if (!present(state)) return reject('no-such-client');
      if (!state.confidential) return reject('client-not-confidential');

      return accept({ type: 'client.secret-rotated', secretDigest, at });
    },
    DisableClient: (state, { at }): Decided => {
      if (!present(state)) return reject('no-such-client');
      if (state.status === 'disabled') return accept();

      return accept({ type: 'client.disabled', at });
    },
    EnableClient: (state, { at }): Decided => {
      if (!present(state)) return reject('no-such-client');
      if (state.status === 'enabled') return accept();

      return accept({ type: 'client.enabled', at });
    },
    RemoveClient: (state, { at }): Decided => {
      if (state.status === 'none') return reject('no-such-client');
      if (state.status === 'removed') return accept();

      return accept({ type: 'client.removed', at });
    },
  },
  evolve: {
    'client.registered': (_, { type: _type, ...registered }) => ({ status: 'enabled', ...registered, epoch: 0 }),
    'client.secret-rotated': (state, { secretDigest }) =>
      present(state) ? { ...state, secretDigest, epoch: state.epoch + 1 } : state,
    'client.disabled': (state) => (present(state) ? { ...state, status: 'disabled', epoch: state.epoch + 1 } : state),
    'client.enabled': (state) => (present(state) ? { ...state, status: 'enabled' } : state),
    'client.removed': (state) => (present(state) ? { status: 'removed', epoch: state.epoch + 1 } : state),
  },
};
