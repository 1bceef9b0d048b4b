import { type Aggregate, accept, type Catalogue, type Message } from '../decider.js';
import type { ClientId, GrantId, Instant, UserId } from '../values.js';

/** The policy that a token was made under, and which of its versions. */
export type PolicyRef = Readonly<{ policy: string; version: number }>;

type Issued = {
  /** `person`: by a grant. `machine`: a client acts for itself. */
  kind: TokenKind;
  client: ClientId;
  /** Of a person's. Whether it stands is the grant's affair. */
  grant?: GrantId;
  user?: UserId;
  scope: readonly string[];
  audience: readonly string[];
  /** In force before the client proved itself; of a person's, the client's is the grant's affair. */
  epochs: Readonly<{ tenant: number; client?: number }>;
  /** None for what is built in. */
  madeUnder?: PolicyRef;
  /** Thumbprint of the key that it is bound to. */
  boundTo?: string;
  expiresAt: Instant;
  at: Instant;
};

export type TokenKind = 'person' | 'machine';

/*
 * A single access token; the stream id is its `jti`. Those of people are mostly signed and stand on their grant, so that the first fact
 * about them is their revocation. Names are stored for ever.
 */
export type TokenEvent =
  | Message<'token.issued', Issued>
  | Message<'token.revoked', { user?: UserId; expiresAt: Instant; at: Instant }>;

export type Token = Readonly<{ revoked: boolean; expiresAt?: Instant; issued?: Issued }>;

export type TokenCommand =
  | Message<'IssueToken', Issued>
  | Message<'RevokeToken', { user?: UserId; expiresAt: Instant; at: Instant }>;

const events: Catalogue<TokenEvent> = {
  'token.issued': { version: 1, retention: 'security' },
  'token.revoked': { version: 1, retention: 'security' },
};

export const token: Aggregate<Token, TokenCommand, TokenEvent, never> = {
  category: 'token',
  schema: 2,
  initial: { revoked: false },
  events,
  decide: {
    /** An id is made for one token alone. */
    IssueToken: (state, { type: _, ...issued }) =>
      state.revoked || state.issued ? accept() : accept({ type: 'token.issued', ...issued }),
    RevokeToken: (state, { type: _, ...revoked }) =>
      state.revoked ? accept() : accept({ type: 'token.revoked', ...revoked }),
  },
  evolve: {
    'token.issued': (_, { type: _type, ...issued }) => ({ revoked: false, expiresAt: issued.expiresAt, issued }),
    'token.revoked': (state, { expiresAt }) => ({ ...state, revoked: true, expiresAt }),
  },
};
