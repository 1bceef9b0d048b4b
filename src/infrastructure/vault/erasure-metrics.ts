import { Gauge, type Registry } from 'prom-client';
import type { ErasuresInProgress } from './erasures-in-progress.js';

const milliseconds = 1_000;

/**
 * Erasures that have not come to their end, and those that a backup could still undo, read when the metrics are: PR-10 is broken where the
 * oldest is older than a minute, or than a day.
 */
export class ErasureMetrics {
  constructor(
    registry: Registry,
    private readonly erasures: Pick<ErasuresInProgress, 'begun' | 'unfinished'>,
    private readonly now: () => number = Date.now,
  ) {
    this.addBegun([registry]);
    this.addUnfinished([registry]);
  }

  private addBegun(registers: Registry[]): void {
    const oldest = new Gauge({
      name: 'annal_begun_erasures_oldest_seconds',
      help: 'How long ago the oldest of the erasures began that have not come to their end.',
      registers,
    });
    const count = new Gauge({
      name: 'annal_begun_erasures',
      help: 'People whose erasure has begun and not come to its end: keys or copies may be there still.',
      registers,
      collect: async () => {
        const found = await this.erasures.begun().catch(() => undefined);
        if (!found) return;
        count.set(found.people);
        oldest.set(this.secondsSince(found.since));
      },
    });
  }

  private addUnfinished(registers: Registry[]): void {
    const oldest = new Gauge({
      name: 'annal_unfinished_erasures_oldest_seconds',
      help: 'How long ago the oldest of the destroyed keys was destroyed that backups could still open.',
      registers,
    });
    const count = new Gauge({
      name: 'annal_unfinished_erasures',
      help: 'Destroyed keys that backups could still open.',
      registers,
      collect: async () => {
        // Where the database is away, the last known values stand.
        const found = await this.erasures.unfinished().catch(() => undefined);
        if (!found) return;
        count.set(found.keys);
        oldest.set(this.secondsSince(found.since));
      },
    });
  }

  private secondsSince(date: Date | undefined): number {
    return date === undefined ? 0 : Math.max(0, (this.now() - date.getTime()) / milliseconds);
  }
}
