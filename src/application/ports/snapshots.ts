import type { Position, StreamName } from './event-log.js';

/** `commands` are the newest ones with the position each reached, so that a retry is known for one after a restart, too. */
export type Snapshot = Readonly<{
  state: unknown;
  revision: number;
  commands?: readonly (readonly [commandId: string, position: Position])[];
}>;

/** Folded states, kept so that no command reads a long stream. A cache: hash-checked, disposable, sealed like events. */
export abstract class Snapshots {
  /** The newest snapshot of this schema, or undefined (also where the stored one is damaged). */
  abstract load(stream: StreamName, schema: number): Promise<Snapshot | undefined>;
  abstract save(stream: StreamName, schema: number, snapshot: Snapshot): Promise<void>;
}
