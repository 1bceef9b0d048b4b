import { type Aggregate, accept, type Catalogue, type Decision, type Message, reject } from '../decider.js';
import type { ClientId, Instant } from '../values.js';
import { type ClientMetadata, isConfidential, metadataRefusal, type MetadataRefusal } from './metadata.js';

/** An application or API of the tenant. Confidential ones prove themselves with a secret, of which only a keyed digest is kept. */
type Registered = { name: string; metadata: ClientMetadata; secretDigest?: string; at: Instant };
type Described = { name: string; metadata: ClientMetadata; at: Instant };

/* These names are stored for ever. */
export type ClientEvent =
  | Message<'client.registered', Registered>
  | Message<'client.metadata-changed', Described>
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
  | Message<'DescribeClient', Described>
  | Message<'RotateClientSecret', { secretDigest: string; at: Instant }>
  | Message<'DisableClient', { at: Instant }>
  | Message<'EnableClient', { at: Instant }>
  | Message<'RemoveClient', { at: Instant }>;

export type ClientRejection =
  | 'client-exists'
  | 'no-such-client'
  | 'client-not-confidential'
  | 'client-kind-fixed'
  | MetadataRefusal;

type Decided = Decision<ClientEvent, ClientRejection>;
type Present = Extract<Client, { status: 'enabled' | 'disabled' }>;

const present = (state: Client): state is Present => state.status === 'enabled' || state.status === 'disabled';

/** The client that the service's own pages and first-party apps use where none is named; it is public and always there. */
export const firstPartyClient = 'annal' as ClientId;

type Register = Extract<ClientCommand, { type: 'RegisterClient' }>;
type Describe = Extract<ClientCommand, { type: 'DescribeClient' }>;

function register(state: Client, { type: _, ...registered }: Register): Decided {
  if (state.status !== 'none') return reject('client-exists');
  const refusal = metadataRefusal(registered.metadata);

  return refusal ? reject(refusal) : accept({ type: 'client.registered', ...registered });
}

/** Nothing that was given out ends by it. Whether a client keeps a secret is settled when it is registered. */
function describe(state: Client, { type: _, ...described }: Describe): Decided {
  if (!present(state)) return reject('no-such-client');
  if (isConfidential(state.metadata) !== isConfidential(described.metadata)) return reject('client-kind-fixed');
  const refusal = metadataRefusal(described.metadata);
  if (refusal) return reject(refusal);
  if (isSame(state, described)) return accept();

  return accept({ type: 'client.metadata-changed', ...described });
}

/** Both are plain data with their members in one order. */
const isSame = (left: Described, right: Described): boolean =>
  left.name === right.name && JSON.stringify(left.metadata) === JSON.stringify(right.metadata);

const events: Catalogue<ClientEvent> = {
  'client.metadata-changed': { version: 1, retention: 'account' },
  'client.registered': { version: 2, retention: 'account' },
  'client.secret-rotated': { version: 1, retention: 'account' },
  'client.disabled': { version: 1, retention: 'account' },
  'client.enabled': { version: 1, retention: 'account' },
  'client.removed': { version: 1, retention: 'account' },
};

export const client: Aggregate<Client, ClientCommand, ClientEvent, ClientRejection> = {
  category: 'client',
  schema: 2,
  initial: { status: 'none' },
  events,
  decide: {
    RegisterClient: register,
    DescribeClient: describe,
    RotateClientSecret: (state, { secretDigest, at }): Decided => {
      if (!present(state)) return reject('no-such-client');
      if (!isConfidential(state.metadata)) return reject('client-not-confidential');

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
    'client.metadata-changed': (state, { name, metadata }) => (present(state) ? { ...state, name, metadata } : state),
    'client.secret-rotated': (state, { secretDigest }) =>
      present(state) ? { ...state, secretDigest, epoch: state.epoch + 1 } : state,
    'client.disabled': (state) => (present(state) ? { ...state, status: 'disabled', epoch: state.epoch + 1 } : state),
    'client.enabled': (state) => (present(state) ? { ...state, status: 'enabled' } : state),
    'client.removed': (state) => (present(state) ? { status: 'removed', epoch: state.epoch + 1 } : state),
  },
};
