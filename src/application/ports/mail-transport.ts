import type { TenantId, UserId } from '../../domain/values.js';

/** A message on its way. `id` is the same at every try, so that a receiver can tell a repetition. */
type Outgoing = Readonly<{
  /** UUID. */
  id: string;
  tenant: TenantId;
  user: UserId;
  /** Such as `verify-email`. */
  kind: string;
  to: string;
  /** What the message carries, for a development mailbox; other transports have it in the rendered parts. */
  link?: string;
  code?: string;
}>;

export type Mail = Outgoing & Readonly<{ locale: string; subject: string; text: string; html: string }>;

/** Hands mail to a server that takes the responsibility for it. */
export abstract class MailTransport {
  /** @throws MessageRefused when trying again is pointless; any other error means: try again later. */
  abstract send(mail: Mail, signal: AbortSignal): Promise<void>;
}

export type TextMessage = Outgoing & Readonly<{ text: string }>;

/** Hands short messages to telephones. */
export abstract class TextMessageTransport {
  /** @throws MessageRefused when trying again is pointless; any other error means: try again later. */
  abstract send(message: TextMessage, signal: AbortSignal): Promise<void>;
}

/** The receiving side will never take this message for this address. `reason` holds no personal datum. */
export class MessageRefused extends Error {
  constructor(readonly reason: string) {
    super(`the message was refused: ${reason}`);
    this.name = 'MessageRefused';
  }
}
