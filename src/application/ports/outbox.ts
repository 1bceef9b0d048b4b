import type { Branded, Instant, TenantId, UserId } from '../../domain/values.js';
import type { Channel, Details, NotificationKind } from '../notifications/kinds.js';
import type { NewSingleUse } from './single-use.js';

/** UUIDv5 of the event's id and the message's place: the same however often the event is looked at. */
export type OutboxMessageId = Branded<'OutboxMessageId'>;

/** What a message says, apart from its words; sealed under the person's key while it waits. */
export type MessageContent = Readonly<{
  to: string;
  /** Wished, best first; BCP 47. */
  locales: readonly string[];
  service: Readonly<{ name: string; url: string }>;
  /** The person's name, made harmless. */
  name?: string;
  /** When the thing happened that the message is about. */
  at: Instant;
  details: Details[NotificationKind];
  /** From then on the message goes out without its code. */
  codeExpiresAt?: Instant;
}>;

export type NewMessage = Readonly<{
  kind: NotificationKind;
  channel: Channel;
  content: MessageContent;
  /** The message is pointless from then on. */
  expiresAt: Instant;
}>;

/** Everything that one event causes. `expired`: it was looked at too late; nothing is sent, and that is on record. */
export type OutboxEntry = Readonly<{
  /** Id of the event. */
  event: string;
  tenant: TenantId;
  user: UserId;
}> &
  (
    | Readonly<{ outcome: 'queued'; proof?: NewSingleUse; messages: readonly NewMessage[] }>
    | Readonly<{ outcome: 'expired' }>
  );

export type WaitingMessage = Readonly<{
  id: OutboxMessageId;
  tenant: TenantId;
  user: UserId;
  kind: NotificationKind;
  channel: Channel;
  /** This try included; names the try. */
  attempts: number;
  expiresAt: Instant;
  content: MessageContent | ContentGone;
}>;

/** Nothing is left to send: the person's key was destroyed, or the stored bytes were changed or their key was lost. */
export type ContentGone = 'erased' | 'damaged';

/**
 * How it ended. `failed`: refused for good, or never taken while it was worth sending; `withdrawn`: the person is gone.
 */
export type Ending = 'sent' | 'failed' | 'withdrawn';

export type Backlog = Readonly<{ waiting: number; oldestSeconds: number }>;

/** Messages on their way from the event that causes them to the transport that takes them. */
export abstract class Outbox {
  /**
   * Takes the message that is due longest and hides it until `hiddenUntil`: whoever takes it settles it before that or
   * not at all. Of several messages to one address only the oldest is ever taken.
   */
  abstract take(now: Instant, hiddenUntil: Instant): Promise<WaitingMessage | undefined>;
  /** Ends a message and destroys what it says. `reason` holds no personal datum. */
  abstract end(message: WaitingMessage, ending: Ending, at: Instant, reason?: string): Promise<void>;
  /** Shows the message again at `at`; nothing happens where another try has begun since. */
  abstract postpone(message: WaitingMessage, at: Instant, reason: string): Promise<void>;
  /** When the next waiting message is due; undefined when none waits. */
  abstract nextDue(): Promise<Instant | undefined>;
  /** How many messages wait, and since when the oldest does. */
  abstract backlog(): Promise<Backlog>;
  /** Deletes the records of messages and events that are too old to come up again; returns how many. */
  abstract expire(now: Instant): Promise<number>;
  /** Destroys what waits for a person and what is kept about messages to them. */
  abstract forget(tenant: TenantId, user: UserId): Promise<void>;
}
