import type { Channel, NotificationKind } from '../notifications/kinds.js';
import type { Ending } from './outbox.js';

/** What an operator watches: every failed message is worth an alarm. */
export abstract class OutboxMeter {
  abstract ended(kind: NotificationKind, channel: Channel, ending: Ending): void;
  abstract postponed(kind: NotificationKind, channel: Channel): void;
  /** A tenant's own wording failed and the default stood in. */
  abstract wordingFailed(kind: NotificationKind): void;
}
