import { type Aggregate, accept, type Catalogue, type Decision, type Message, reject } from '../decider.js';
import {
  type ApiKeyId,
  type ClientId,
  type Instant,
  type KeyId,
  personal,
  type Sealed,
  tenantSecret,
  type UserId,
} from '../values.js';

/** In whose name a key acts: a person's, an application's or service's, or the tenant's own. */
export type ApiKeyOwner =
  | Readonly<{ kind: 'user'; id: UserId }>
  | Readonly<{ kind: 'client'; id: ClientId }>
  | Readonly<{ kind: 'tenant' }>;

/** What people write about a key; it may name somebody, so it is sealed with whoever owns the key. */
export type ApiKeyDescription = Readonly<{
  name: string;
  /** Purpose, usage, environment and whatever else the owner wants to find it by. */
  tags: Readonly<Record<string, string>>;
}>;

type Terms = {
  about: Sealed<ApiKeyDescription>;
  scopes: readonly string[];
  /** Addresses and CIDR ranges that it may be used from; none means any. */
  addresses: readonly string[];
  expiresAt?: Instant;
};

type Created = { key: ApiKeyId; owner: ApiKeyOwner; digest: string; at: Instant } & Terms;

/* The secret itself is stored nowhere: `digest` is a keyed hash. Names are stored for ever. */
export type ApiKeyEvent =
  | Message<'api-key.created', Created>
  | Message<'api-key.changed', Terms & { key: ApiKeyId; at: Instant }>
  /** The secret from before works until `previousUntil`. */
  | Message<'api-key.rotated', { key: ApiKeyId; digest: string; previousUntil: Instant; at: Instant }>
  | Message<'api-key.revoked', { key: ApiKeyId; reason: ApiKeyEnd; at: Instant }>
  /** How often it was used in a span of time, noted once for all of it. */
  | Message<'api-key.used', { key: ApiKeyId; count: number; from: Instant; at: Instant }>;

export type ApiKeyEnd = 'revoked' | 'leaked';

export type ApiKey =
  | Readonly<{ status: 'none' }>
  | Readonly<Created & { status: 'active' | 'revoked'; previous?: Readonly<{ digest: string; until: Instant }> }>;

export type ApiKeyCommand =
  | Message<'CreateApiKey', Created>
  | Message<'ChangeApiKey', Terms & { key: ApiKeyId; at: Instant }>
  | Message<'RotateApiKey', { key: ApiKeyId; digest: string; previousUntil: Instant; at: Instant }>
  | Message<'RevokeApiKey', { key: ApiKeyId; reason: ApiKeyEnd; at: Instant }>
  | Message<'NoteApiKeyUse', { key: ApiKeyId; count: number; from: Instant; at: Instant }>;

export type ApiKeyRejection = 'api-key-exists' | 'no-such-api-key' | 'api-key-revoked' | 'api-key-expiry-past';

type Decided = Decision<ApiKeyEvent, ApiKeyRejection>;
type Present = Exclude<ApiKey, { status: 'none' }>;

export const sealedFor = (owner: ApiKeyOwner, about: ApiKeyDescription): Sealed<ApiKeyDescription> =>
  owner.kind === 'user' ? personal(owner.id, about) : tenantSecret('api-keys' as KeyId, about);

const expiresInPast = ({ expiresAt, at }: { expiresAt?: Instant; at: Instant }): boolean =>
  expiresAt !== undefined && expiresAt <= at;

function whileActive(state: ApiKey, decide: (state: Present) => Decided): Decided {
  if (state.status === 'none') return reject('no-such-api-key');

  return state.status === 'revoked' ? reject('api-key-revoked') : decide(state);
}

const events: Catalogue<ApiKeyEvent> = {
  'api-key.created': { version: 1, retention: 'account' },
  'api-key.changed': { version: 1, retention: 'account' },
  'api-key.rotated': { version: 1, retention: 'account' },
  'api-key.revoked': { version: 1, retention: 'account' },
  'api-key.used': { version: 1, retention: 'security' },
};

/** Events after the creation change what is there; before it they change nothing. */
const change =
  <Event>(next: (state: Present, event: Event) => ApiKey) =>
  (state: ApiKey, event: Event): ApiKey =>
    state.status === 'none' ? state : next(state, event);

export const apiKey: Aggregate<ApiKey, ApiKeyCommand, ApiKeyEvent, ApiKeyRejection> = {
  category: 'apikey',
  schema: 1,
  initial: { status: 'none' },
  events,
  decide: {
    CreateApiKey: (state, { type: _, ...created }): Decided => {
      if (state.status !== 'none') return reject('api-key-exists');
      if (expiresInPast(created)) return reject('api-key-expiry-past');

      return accept({ type: 'api-key.created', ...created });
    },
    ChangeApiKey: (state, { type: _, ...terms }) =>
      whileActive(state, () =>
        expiresInPast(terms) ? reject('api-key-expiry-past') : accept({ type: 'api-key.changed', ...terms }),
      ),
    RotateApiKey: (state, { type: _, ...rotated }) =>
      whileActive(state, () => accept({ type: 'api-key.rotated', ...rotated })),
    RevokeApiKey: (state, { type: _, ...revoked }) => {
      if (state.status === 'none') return reject('no-such-api-key');
      if (state.status === 'revoked') return accept();

      return accept({ type: 'api-key.revoked', ...revoked });
    },
    NoteApiKeyUse: (state, { type: _, ...used }) =>
      state.status === 'none' ? reject('no-such-api-key') : accept({ type: 'api-key.used', ...used }),
  },
  evolve: {
    'api-key.created': (_, { type: _type, ...created }) => ({ status: 'active', ...created }),
    'api-key.changed': change((state, { about, scopes, addresses, expiresAt }) => {
      const { expiresAt: _, ...rest } = state;
      return { ...rest, about, scopes, addresses, ...(expiresAt !== undefined && { expiresAt }) };
    }),
    'api-key.rotated': change((state, { digest, previousUntil }) => ({
      ...state,
      digest,
      previous: { digest: state.digest, until: previousUntil },
    })),
    'api-key.revoked': change((state) => ({ ...state, status: 'revoked' })),
    'api-key.used': (state) => state,
  },
};
