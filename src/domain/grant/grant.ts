import { type Aggregate, accept, type Catalogue, type Decision, type Message, reject } from '../decider.js';
import type { Epochs } from '../session/epochs.js';
import { type ClientId, type Instant, plusSeconds, secondsBetween, type SessionId, type UserId } from '../values.js';

export type GrantEnd = 'signed-out' | 'revoked' | 'reuse-detected' | 'code-reused' | 'superseded';

type Given = {
  user: UserId;
  session: SessionId;
  client: ClientId;
  scope: readonly string[];
  /** Of the userinfo endpoint, by name (OpenID Connect Core 1.0 section 5.5). */
  claims: readonly string[];
  /** Where its access tokens may be used (RFC 8707); everywhere in the tenant where none was named. */
  resources: readonly string[];
  epochs: Epochs;
  /** Thumbprint of the key (RFC 7638) that whoever uses its tokens must prove to have. */
  boundTo?: string;
  /** Seconds without a refresh or another use after which the family is over. */
  idleSeconds: number;
  /** Seconds in which the predecessor still gets the same successor; 0 = strict. */
  graceSeconds: number;
  /** The absolute limit; never slides. */
  expiresAt: Instant;
  at: Instant;
};

/*
 * A grant and its family of refresh tokens. A token names its grant and generation; only the newest generation is good, so what decides
 * is a counter and never a time (RFC 9700 section 4.14.2). Names are stored for ever.
 */
export type GrantEvent =
  | Message<'grant.given', Given>
  | Message<'grant.refreshed', { user: UserId; generation: number; at: Instant }>
  /** The predecessor came once more within the moment of grace and got the same successor, `generation`. */
  | Message<'grant.refresh-retried', { user: UserId; generation: number; at: Instant }>
  | Message<'grant.reuse-detected', { user: UserId; generation: number; at: Instant }>
  | Message<'grant.revoked', { user: UserId; reason: GrantEnd; at: Instant }>
  /** A browser came with it; noted now and then, since only the idle limit counts from it. */
  | Message<'grant.used', { user: UserId; at: Instant }>
  /** Its authorization code was presented twice before it came into being; it never will. */
  | Message<'grant.forestalled', { user: UserId; at: Instant }>;

export type Grant =
  | Readonly<{ status: 'none' }>
  | Readonly<{ status: 'forestalled' }>
  | Readonly<Given & { status: 'active'; generation: number; refreshedAt: Instant; usedAt?: Instant; retries: number }>
  | Readonly<{ status: 'revoked'; user: UserId; session: SessionId; client: ClientId; reason: GrantEnd }>;

export type GrantCommand =
  | Message<'GiveGrant', Given>
  | Message<
      'RefreshGrant',
      { client: ClientId; generation: number; boundTo?: string; scope?: readonly string[]; at: Instant }
    >
  | Message<'RevokeGrant', { reason: GrantEnd; at: Instant }>
  | Message<'UseGrant', { at: Instant }>
  | Message<'ForestallGrant', { user: UserId; at: Instant }>;

export type GrantRejection =
  | 'grant-exists'
  | 'no-such-grant'
  | 'grant-revoked'
  | 'grant-expired'
  | 'grant-of-another-client'
  | 'grant-of-another-key'
  | 'scope-too-wide'
  | 'refresh-token-reused'
  | 'too-many-retries';

/** It was given for when the person is away (OpenID Connect Core 1.0 section 11). */
export const isOffline = ({ scope }: Readonly<{ scope: readonly string[] }>): boolean =>
  scope.includes('offline_access');

/** How often the predecessor gets its successor again. */
export const graceRetries = 10;

type Decided = Decision<GrantEvent, GrantRejection>;
type Active = Extract<Grant, { status: 'active' }>;

type Missing = Extract<Grant, { status: 'none' | 'forestalled' }>;

const isMissing = (state: Grant): state is Missing => state.status === 'none' || state.status === 'forestalled';

type Refresh = Extract<GrantCommand, { type: 'RefreshGrant' }>;

function refresh(state: Grant, { client, generation, boundTo, scope, at }: Refresh): Decided {
  if (isMissing(state)) return reject('no-such-grant');
  // Another client's token ends nothing: a thief of client ids must not be able to sign people out.
  if (state.client !== client) return reject('grant-of-another-client');
  if (state.status === 'revoked') return reject('grant-revoked');
  // Nor does one that comes without the key it is bound to: whoever has the token alone must not be able to sign people out.
  if (state.boundTo !== undefined && state.boundTo !== boundTo) return reject('grant-of-another-key');
  const { user } = state;
  if (!(generation >= 1 && generation <= state.generation)) return reject('no-such-grant');
  const newest = generation === state.generation;
  if (!newest && !isRetry(state, generation, at)) {
    return reject(
      'refresh-token-reused',
      { type: 'grant.reuse-detected', user, generation, at },
      { type: 'grant.revoked', user, reason: 'reuse-detected', at },
    );
  }
  if (at >= state.expiresAt || at >= idleUntil(state)) return reject('grant-expired');
  if (scope?.some((one) => !state.scope.includes(one))) return reject('scope-too-wide');

  if (newest) return accept({ type: 'grant.refreshed', user, generation: generation + 1, at });
  // Only refused: whoever retries too eagerly should not be signed out for it, and the successor is out already.
  if (state.retries >= graceRetries) return reject('too-many-retries');

  return accept({ type: 'grant.refresh-retried', user, generation: state.generation, at });
}

/** A use is noted once in this part of the idle limit. */
const noted = 24;

const lastUse = ({ refreshedAt, usedAt }: Active): Instant =>
  usedAt !== undefined && usedAt > refreshedAt ? usedAt : refreshedAt;

/** When it will have been left alone for too long. */
export const idleUntil = (state: Active): Instant => plusSeconds(lastUse(state), state.idleSeconds);

/** Nothing but the idle limit follows from it: what is a retry, and what reuse, counts from the last refresh alone. */
function use(state: Grant, { at }: { at: Instant }): Decided {
  if (isMissing(state)) return reject('no-such-grant');
  if (state.status === 'revoked') return reject('grant-revoked');
  if (at >= state.expiresAt || at >= idleUntil(state)) return reject('grant-expired');
  if (secondsBetween(lastUse(state), at) < state.idleSeconds / noted) return accept();

  return accept({ type: 'grant.used', user: state.user, at });
}

/** The predecessor, within the moment of grace. Clocks of instances differ, so that a retry may seem to come first. */
const isRetry = (state: Active, generation: number, at: Instant): boolean =>
  generation === state.generation - 1 &&
  state.graceSeconds > 0 &&
  Math.abs(secondsBetween(state.refreshedAt, at)) <= state.graceSeconds;

function revoke(state: Grant, { reason, at }: { reason: GrantEnd; at: Instant }): Decided {
  if (isMissing(state)) return reject('no-such-grant');
  if (state.status === 'revoked') return accept();

  return accept({ type: 'grant.revoked', user: state.user, reason, at });
}

/** A code that is presented again ends what it was redeemed for, also where that is still under way. */
function forestall(state: Grant, { user, at }: { user: UserId; at: Instant }): Decided {
  if (state.status === 'none') return accept({ type: 'grant.forestalled', user, at });

  return state.status === 'forestalled' ? accept() : revoke(state, { reason: 'code-reused', at });
}

const events: Catalogue<GrantEvent> = {
  'grant.given': { version: 3, retention: 'security' },
  'grant.refreshed': { version: 1, retention: 'security' },
  'grant.refresh-retried': { version: 1, retention: 'security' },
  'grant.reuse-detected': { version: 1, retention: 'security' },
  'grant.revoked': { version: 1, retention: 'security' },
  'grant.used': { version: 1, retention: 'security' },
  'grant.forestalled': { version: 1, retention: 'security' },
};

export const grant: Aggregate<Grant, GrantCommand, GrantEvent, GrantRejection> = {
  category: 'grant',
  schema: 5,
  initial: { status: 'none' },
  events,
  decide: {
    GiveGrant: (state, { type: _, ...given }) =>
      state.status === 'none' ? accept({ type: 'grant.given', ...given }) : reject('grant-exists'),
    RefreshGrant: refresh,
    RevokeGrant: revoke,
    UseGrant: use,
    ForestallGrant: forestall,
  },
  evolve: {
    'grant.given': (_, { type: _type, ...given }) => ({
      status: 'active',
      ...given,
      generation: 1,
      refreshedAt: given.at,
      retries: 0,
    }),
    'grant.refreshed': (state, { generation, at }) =>
      state.status === 'active' ? { ...state, generation, refreshedAt: at, retries: 0 } : state,
    'grant.refresh-retried': (state) => (state.status === 'active' ? { ...state, retries: state.retries + 1 } : state),
    'grant.reuse-detected': (state) => state,
    'grant.used': (state, { at }) => (state.status === 'active' ? { ...state, usedAt: at } : state),
    'grant.forestalled': () => ({ status: 'forestalled' }),
    'grant.revoked': (state, { reason }) =>
      state.status === 'active'
        ? { status: 'revoked', user: state.user, session: state.session, client: state.client, reason }
        : state,
  },
};
