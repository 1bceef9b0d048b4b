import type { StreamName } from '../../src/application/ports/event-log.js';
import { type Snapshot, Snapshots } from '../../src/application/ports/snapshots.js';
import { asStored } from './as-stored.js';

/** Snapshots in memory, for specs. */
export class MemorySnapshots extends Snapshots {
  /** What fails as long as it is said so. */
  failing = false;
  loads = 0;
  private readonly stored = new Map<string, Snapshot>();

  override async load(stream: StreamName, schema: number): Promise<Snapshot | undefined> {
    this.loads++;
    return asStored(this.stored.get(`${schema} ${stream}`));
  }

  override async save(stream: StreamName, schema: number, snapshot: Snapshot): Promise<void> {
    if (this.failing) throw new Error('no snapshot can be saved now');
    const key = `${schema} ${stream}`;
    if ((this.stored.get(key)?.revision ?? -1) < snapshot.revision) this.stored.set(key, asStored(snapshot));
  }
}
