import type { ClientId, Instant, SessionId, TenantId, UserId } from '../../domain/values.js';

/** A client that has to hear that a session is over. Ids alone: the token that says so is made when it is sent. */
export type LogoutNotice = Readonly<{
  id: string;
  tenant: TenantId;
  client: ClientId;
  user: UserId;
  session: SessionId;
  expiresAt: Instant;
}>;

/** `attempts`: this one included. */
export type DueNotice = LogoutNotice & Readonly<{ attempts: number }>;

/** What clients have still to hear. Each is sent by one instance at a time, until it was taken or is worth nothing any more. */
export abstract class LogoutNotices {
  /** Putting one again changes nothing. */
  abstract put(notices: readonly LogoutNotice[], at: Instant): Promise<void>;
  /** The one that is due longest, hidden until `hiddenUntil`. */
  abstract take(at: Instant, hiddenUntil: Instant): Promise<DueNotice | undefined>;
  abstract postpone(notice: DueNotice, at: Instant): Promise<void>;
  abstract end(notice: DueNotice): Promise<void>;
}
