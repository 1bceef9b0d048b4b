import type { StreamName } from './event-log.js';

export type Snapshot = Readonly<{ state: unknown; revision: number }>;

/** Folded states, kept so that no command reads a long stream. A cache: hash-checked, disposable, sealed like events. */
export abstract class Snapshots {
  /** The newest snapshot of this schema, or undefined (also where the stored one is damaged). */
  abstract load(stream: StreamName, schema: number): Promise<Snapshot | undefined>;
  abstract save(stream: StreamName, schema: number, snapshot: Snapshot): Promise<void>;
}
