import { type Aggregate, accept, type Catalogue, type Message } from '../decider.js';
import type { Instant, UserId } from '../values.js';

/* A single access token that was revoked before its time; the stream id is its `jti`. Names are stored for ever. */
export type TokenEvent = Message<'token.revoked', { user?: UserId; expiresAt: Instant; at: Instant }>;

export type Token = Readonly<{ revoked: boolean; expiresAt?: Instant }>;

export type TokenCommand = Message<'RevokeToken', { user?: UserId; expiresAt: Instant; at: Instant }>;

const events: Catalogue<TokenEvent> = { 'token.revoked': { version: 1, retention: 'security' } };

export const token: Aggregate<Token, TokenCommand, TokenEvent, never> = {
  category: 'token',
  schema: 1,
  initial: { revoked: false },
  events,
  decide: {
    RevokeToken: (state, { type: _, ...revoked }) =>
      state.revoked ? accept() : accept({ type: 'token.revoked', ...revoked }),
  },
  evolve: { 'token.revoked': (_, { expiresAt }) => ({ revoked: true, expiresAt }) },
};
