import type { ClientId, GrantId, Instant, SessionId, UserId } from '../values.js';

/** What an authorization code stands for (RFC 6749 section 4.1.2), until it is redeemed. */
export type Authorized = Readonly<{
  client: ClientId;
  user: UserId;
  session: SessionId;
  /** The grant of the browser itself: while it stands, the session does. */
  browser: GrantId;
  /** Where the code went; undefined where the client did not name it. */
  redirectUri?: string;
  codeChallenge?: string;
  scope: readonly string[];
  /** Claims by name (OpenID Connect Core 1.0 section 5.5). */
  claims?: Readonly<{ userinfo: readonly string[]; idToken: readonly string[] }>;
  nonce?: string;
  /** The key that whoever redeems it must prove to have (RFC 9449 section 10). */
  boundTo?: string;
  authenticatedAt: Instant;
  /** Authentication method references (RFC 8176). */
  factors: readonly string[];
}>;
