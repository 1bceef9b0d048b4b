import type { Instant } from '../../domain/values.js';

/** A message that would have been sent, were there something to send it with. */
export type CaughtMessage = Readonly<{
  /** UUID. */
  id: string;
  channel: 'mail' | 'text-message';
  kind: string;
  to: string;
  link?: string;
  code?: string;
  text: string;
  /** Of mail only. */
  subject?: string;
  html?: string;
  locale?: string;
  at: Instant;
}>;

/** Where messages end in development; bounded, the oldest go first. Never part of a production set-up. */
export abstract class DevelopmentMailbox {
  /** Newest first; `to` picks one recipient (any spelling of case). */
  abstract list(max: number, to?: string): Promise<readonly CaughtMessage[]>;
  abstract get(id: string): Promise<CaughtMessage | undefined>;
}
