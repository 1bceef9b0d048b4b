import { type Aggregate, accept, type Catalogue, type Decision, type Message, reject } from '../decider.js';
import { sameJson } from '../json.js';
import type { ClientId, Instant, TenantSecret } from '../values.js';
import { type ClientMetadata, isConfidential, metadataRefusal, type MetadataRefusal } from './metadata.js';
import { hasSecret, proofs } from './proof.js';

/** Of a secret only a keyed digest is kept; the secret itself, sealed, only where it signs assertions. */
type NewSecret = { secretDigest: string; sharedSecret?: TenantSecret<string> };

/** An application or API of the tenant. */
type Registered = { name: string; metadata: ClientMetadata; at: Instant } & Partial<NewSecret>;
/** Digest of the token with which a client that registered itself is managed by whoever registered it (RFC 7592). */
type Managed = { digest: string; at: Instant };
/** `keptUntil`: when the old secret ends; everything made under it ends at once where that is no later than `at`. */
type Rotated = NewSecret & { keptUntil: Instant; at: Instant };
type Described = { name: string; metadata: ClientMetadata; at: Instant };

/* These names are stored for ever. */
export type ClientEvent =
  | Message<'client.registered', Registered>
  | Message<'client.metadata-changed', Described>
  | Message<'client.management-token-issued', Managed>
  | Message<'client.secret-rotated', Rotated>
  | Message<'client.disabled', { at: Instant }>
  | Message<'client.enabled', { at: Instant }>
  | Message<'client.removed', { at: Instant }>;

/** The secret before the last one, as long as it is good. */
export type OldSecret = Readonly<NewSecret & { until: Instant }>;

export type Client =
  | Readonly<{ status: 'none' }>
  | Readonly<
      Registered & { status: 'enabled' | 'disabled'; epoch: number; oldSecret?: OldSecret; managementDigest?: string }
    >
  | Readonly<{ status: 'removed'; epoch: number }>;

export type ClientCommand =
  | Message<'RegisterClient', Registered & { managementDigest?: string }>
  | Message<'DescribeClient', Described & { managementDigest?: string }>
  | Message<'RotateClientSecret', Rotated>
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

function register(state: Client, { type: _, managementDigest, ...registered }: Register): Decided {
  if (state.status !== 'none') return reject('client-exists');
  const refusal = metadataRefusal(registered.metadata);

  return refusal
    ? reject(refusal)
    : accept<ClientEvent>({ type: 'client.registered', ...registered }, ...managed(managementDigest, registered.at));
}

const managed = (digest: string | undefined, at: Instant): readonly ClientEvent[] =>
  digest === undefined ? [] : [{ type: 'client.management-token-issued', digest, at }];

/** Nothing that was given out ends by it. Whether a client keeps a secret is settled when it is registered. */
function describe(state: Client, { type: _, managementDigest, ...described }: Describe): Decided {
  if (!present(state)) return reject('no-such-client');
  if (isConfidential(state.metadata) !== isConfidential(described.metadata)) return reject('client-kind-fixed');
  const refusal = metadataRefusal(described.metadata);
  if (refusal) return reject(refusal);
  const isSame = state.name === described.name && sameJson(state.metadata, described.metadata);
  const changes: readonly ClientEvent[] = isSame ? [] : [{ type: 'client.metadata-changed', ...described }];

  return accept<ClientEvent>(...changes, ...managed(managementDigest, described.at));
}

/** A secret is of one kind of proof: whoever proves itself in another way from now on has none until it is given one. */
function described(state: Present, { name, metadata }: Described): Present {
  const { secretDigest, sharedSecret, oldSecret, ...rest } = state;
  const keeps = proofs[state.metadata.authenticationMethod] === proofs[metadata.authenticationMethod];
  const kept = {
    ...(secretDigest !== undefined && { secretDigest }),
    ...(sharedSecret && { sharedSecret }),
    ...(oldSecret && { oldSecret }),
  };

  return { ...rest, name, metadata, ...(keeps && kept) };
}

function rotated(state: Present, { secretDigest, sharedSecret, keptUntil, at }: Rotated): Present {
  const { secretDigest: oldDigest, sharedSecret: oldShared, oldSecret: _, ...rest } = state;
  const renewed = { ...rest, secretDigest, ...(sharedSecret && { sharedSecret }) };
  if (keptUntil <= at) return { ...renewed, epoch: state.epoch + 1 };
  if (oldDigest === undefined) return renewed;

  return {
    ...renewed,
    oldSecret: { secretDigest: oldDigest, ...(oldShared && { sharedSecret: oldShared }), until: keptUntil },
  };
}

const events: Catalogue<ClientEvent> = {
  'client.management-token-issued': { version: 1, retention: 'account' },
  'client.metadata-changed': { version: 2, retention: 'account' },
  'client.registered': { version: 3, retention: 'account' },
  'client.secret-rotated': { version: 2, retention: 'account' },
  'client.disabled': { version: 1, retention: 'account' },
  'client.enabled': { version: 1, retention: 'account' },
  'client.removed': { version: 1, retention: 'account' },
};

export const client: Aggregate<Client, ClientCommand, ClientEvent, ClientRejection> = {
  category: 'client',
  schema: 4,
  initial: { status: 'none' },
  events,
  decide: {
    RegisterClient: register,
    DescribeClient: describe,
    RotateClientSecret: (state, { type: _, ...secret }): Decided => {
      if (!present(state)) return reject('no-such-client');
      if (!hasSecret(state.metadata.authenticationMethod)) return reject('client-not-confidential');

      return accept({ type: 'client.secret-rotated', ...secret });
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
    'client.management-token-issued': (state, { digest }) =>
      present(state) ? { ...state, managementDigest: digest } : state,
    'client.metadata-changed': (state, event) => (present(state) ? described(state, event) : state),
    'client.secret-rotated': (state, event) => (present(state) ? rotated(state, event) : state),
    'client.disabled': (state) => (present(state) ? { ...state, status: 'disabled', epoch: state.epoch + 1 } : state),
    'client.enabled': (state) => (present(state) ? { ...state, status: 'enabled' } : state),
    'client.removed': (state) => (present(state) ? { status: 'removed', epoch: state.epoch + 1 } : state),
  },
};
