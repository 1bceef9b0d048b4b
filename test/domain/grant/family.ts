import type { GrantCommand, GrantEvent } from '../../../src/domain/grant/grant.js';
import type { ClientId, SessionId, UserId } from '../../../src/domain/values.js';
import { after, day, hour, start } from '../../support/moments.js';

export const user = 'ada' as UserId;
export const shop = 'shop' as ClientId;
export const thief = 'thief' as ClientId;
const session = 's1' as SessionId;

/** Idle after an hour, over after a day, strict. */
export const terms = {
  user,
  session,
  client: shop,
  scope: ['openid', 'profile'],
  claims: [],
  resources: [],
  epochs: { tenant: 1, user: 2, credentials: 3, client: 4 },
  idleSeconds: hour,
  graceSeconds: 0,
  expiresAt: after(day),
  at: start,
} as const;

export const granted: GrantEvent = { type: 'grant.given', ...terms };
/** As strict, but for a moment after each refresh. */
export const givenWithGrace: GrantEvent = { type: 'grant.given', ...terms, graceSeconds: 10 };

/** The first token is generation 1; each refresh makes the next one. */
export const refreshed = (generation: number, seconds: number): GrantEvent => ({
  type: 'grant.refreshed',
  user,
  generation,
  at: after(seconds),
});

/** The predecessor of `generation` came again. */
export const retried = (generation: number, seconds: number): GrantEvent => ({
  type: 'grant.refresh-retried',
  user,
  generation,
  at: after(seconds),
});

export const refresh = (generation: number, seconds: number, scope?: readonly string[]): GrantCommand => ({
  type: 'RefreshGrant',
  client: shop,
  generation,
  ...(scope && { scope }),
  at: after(seconds),
});

export const reused = (generation: number, seconds: number): readonly [GrantEvent, GrantEvent] => [
  { type: 'grant.reuse-detected', user, generation, at: after(seconds) },
  { type: 'grant.revoked', user, reason: 'reuse-detected', at: after(seconds) },
];

export const ended = { status: 'revoked', user, session, client: shop, reason: 'reuse-detected' } as const;
