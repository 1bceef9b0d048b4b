import type { Position } from '../../application/ports/event-log.js';

/** Which stored event could not be read. */
export type Place = Readonly<{ stream: string; revision: number; position: Position }>;

/** A stored event that cannot be handed on. */
export abstract class UnreadableEvent extends Error {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;

  constructor(place: Place, reason: string, options?: ErrorOptions) {
    super(`${place.stream} revision ${place.revision} at ${place.position}: ${reason}`, options);
    this.stream = place.stream;
    this.revision = place.revision;
    this.position = place.position;
  }
}

/** A type or schema version that this program does not know: a newer one wrote it. Leave it to a newer instance. */
export class UnknownEventType extends UnreadableEvent {
  constructor(place: Place, type: string, version: number) {
    super(place, `${type} version ${version} is not known to this program`);
    this.name = 'UnknownEventType';
  }
}

/** The stored bytes are not those that were written, or stand where they were not written, or their key was lost. */
export class LogCorrupt extends UnreadableEvent {
  constructor(place: Place, reason: string, options?: ErrorOptions) {
    super(place, reason, options);
    this.name = 'LogCorrupt';
  }
}
