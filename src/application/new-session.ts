import type { Epochs } from '../domain/session/epochs.js';
import type { Origin } from '../domain/signin/signin.js';
import type { AttemptId, ClientId, DeviceId, GrantId, Instant, SessionId, UserId } from '../domain/values.js';
import type { Position } from './ports/event-log.js';

/** What a person takes away from a successful sign-in. */
export type SignedIn = Readonly<{
  accessToken: string;
  refreshToken: string;
  /** Seconds until the access token ends. */
  expiresIn: number;
  scope: readonly string[];
  session: SessionId;
  grant: GrantId;
  user: UserId;
  position: Position;
}>;

export type NewGrant = Readonly<{
  grant: GrantId;
  user: UserId;
  session: SessionId;
  client: ClientId;
  scope: readonly string[];
  /** Of the userinfo endpoint, by name. */
  claims?: readonly string[];
  resources?: readonly string[];
  epochs: Epochs;
  /** Thumbprint of the key that whoever uses its tokens must prove to have. */
  boundTo?: string;
  /** When the session ends, whatever happens. */
  endsAt: Instant;
}>;

export type NewSession = Readonly<{
  user: UserId;
  client: ClientId;
  factors: readonly string[];
  origin: Origin;
  /** In force before the decision to let the person in. */
  epochs: Epochs;
  device?: DeviceId;
  attempt?: AttemptId;
}>;

/** The session that a browser holds while somebody signs in with it. */
export type HeldSession = Readonly<{ user: UserId; session: SessionId; grant: GrantId }>;
