import { type Aggregate, accept, type Catalogue, type Decision, type Message, reject } from '../decider.js';
import type { Instant, KeyId, TenantSecret } from '../values.js';

/** The first is what signs where nobody says otherwise. */
export const signingAlgorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];
export type PublicJwk = Readonly<Record<string, string>>;
export type PrivateJwk = Readonly<Record<string, string>>;

type Generated = {
  key: KeyId;
  algorithm: SigningAlgorithm;
  publicKey: PublicJwk;
  privateKey: TenantSecret<PrivateJwk>;
  at: Instant;
};

/* A key is published as `next` before it signs, and stays published as `previous` while its tokens live. Names are stored for ever. */
export type SigningKeysEvent =
  | Message<'signing-key.generated', Generated>
  | Message<'signing-key.promoted', { key: KeyId; algorithm: SigningAlgorithm; at: Instant }>
  | Message<'signing-key.retired', { key: KeyId; reason: 'rotated' | 'compromised'; at: Instant }>;

export type SigningKey = Readonly<Generated & { status: 'next' | 'current' | 'previous'; since: Instant }>;
export type SigningKeys = Readonly<{ keys: readonly SigningKey[] }>;

export type SigningKeysCommand =
  | Message<'AddSigningKey', Generated>
  | Message<'PromoteSigningKey', { key: KeyId; at: Instant }>
  | Message<'RetireSigningKey', { key: KeyId; reason: 'rotated' | 'compromised'; at: Instant }>;

export type SigningKeysRejection = 'no-such-key' | 'key-in-use' | 'next-key-exists';

type Decided = Decision<SigningKeysEvent, SigningKeysRejection>;

export const keyInRole = (
  state: SigningKeys,
  algorithm: SigningAlgorithm,
  status: SigningKey['status'],
): SigningKey | undefined => state.keys.find((one) => one.algorithm === algorithm && one.status === status);

/** The first key of an algorithm signs at once; later ones are published first. A key id has one role, for one algorithm. */
function add(
  state: SigningKeys,
  { type: _, ...generated }: Extract<SigningKeysCommand, { type: 'AddSigningKey' }>,
): Decided {
  const { key, algorithm, at } = generated;
  if (state.keys.some((one) => one.key === key)) return accept();
  if (keyInRole(state, algorithm, 'next')) return reject('next-key-exists');
  if (keyInRole(state, algorithm, 'current')) return accept({ type: 'signing-key.generated', ...generated });

  return accept<SigningKeysEvent>(
    { type: 'signing-key.generated', ...generated },
    { type: 'signing-key.promoted', key, algorithm, at },
  );
}

function promote(state: SigningKeys, { key, at }: { key: KeyId; at: Instant }): Decided {
  const found = state.keys.find((one) => one.key === key);
  if (!found || found.status === 'previous') return reject('no-such-key');
  if (found.status === 'current') return accept();

  return accept({ type: 'signing-key.promoted', key, algorithm: found.algorithm, at });
}

function retire(
  state: SigningKeys,
  { key, reason, at }: Extract<SigningKeysCommand, { type: 'RetireSigningKey' }>,
): Decided {
  const found = state.keys.find((one) => one.key === key);
  if (!found) return accept();
  if (found.status !== 'current') return accept({ type: 'signing-key.retired', key, reason, at });
  const successor = keyInRole(state, found.algorithm, 'next');
  if (reason !== 'compromised' || !successor) return reject('key-in-use');

  // In one decision, so that no instant is without a key: tokens of the successor are good although caches may not know it yet.
  return accept<SigningKeysEvent>(
    { type: 'signing-key.promoted', key: successor.key, algorithm: found.algorithm, at },
    { type: 'signing-key.retired', key, reason, at },
  );
}

const events: Catalogue<SigningKeysEvent> = {
  'signing-key.generated': { version: 1, retention: 'permanent' },
  'signing-key.promoted': { version: 1, retention: 'permanent' },
  'signing-key.retired': { version: 1, retention: 'permanent' },
};

export const signingKeys: Aggregate<SigningKeys, SigningKeysCommand, SigningKeysEvent, SigningKeysRejection> = {
  category: 'signingkeys',
  schema: 1,
  initial: { keys: [] },
  events,
  decide: { AddSigningKey: add, PromoteSigningKey: promote, RetireSigningKey: retire },
  evolve: {
    'signing-key.generated': ({ keys }, { type: _, ...generated }) => ({
      keys: [...keys, { ...generated, status: 'next', since: generated.at }],
    }),
    'signing-key.promoted': ({ keys }, { key, algorithm, at }) => ({
      keys: keys.map((one) => {
        if (one.key === key) return { ...one, status: 'current', since: at };
        return one.algorithm === algorithm && one.status === 'current'
          ? { ...one, status: 'previous', since: at }
          : one;
      }),
    }),
    'signing-key.retired': ({ keys }, { key }) => ({ keys: keys.filter((one) => one.key !== key) }),
  },
};
