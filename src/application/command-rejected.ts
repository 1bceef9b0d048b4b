import { type Instant, secondsBetween } from '../domain/values.js';
import type { Position } from './ports/event-log.js';

/** A command that was understood and refused. The facts that go with the refusal are already recorded. */
export class CommandRejected extends Error {
  constructor(
    /** One of the rejection codes of the domain or of a use case; each has a row in the table of problems. */
    readonly code: string,
    readonly details: Readonly<{
      position?: Position;
      retryAfterSeconds?: number;
      fields?: readonly FieldError[];
    }> = {},
  ) {
    super(code);
    this.name = 'CommandRejected';
  }
}

/** What is wrong with one field: a JSON pointer into the request body, a stable code and a sentence for people. */
export type FieldError = Readonly<{ pointer: string; code: string; message: string }>;

/** Without an end in sight the authenticator is off until it is cleared. */
export const tooManyAttempts = (at: Instant, retryAt: Instant | undefined): CommandRejected =>
  new CommandRejected('too-many-attempts', {
    retryAfterSeconds: retryAt ? Math.max(1, Math.ceil(secondsBetween(at, retryAt))) : 3_600,
  });
