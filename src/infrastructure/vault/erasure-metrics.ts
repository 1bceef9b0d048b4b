import { Gauge, type Registry } from 'prom-client';
import type { ErasuresInProgress } from './erasures-in-progress.js';

const milliseconds = 1_000;

/** Erasures that a backup could still undo, read when the metrics are: PR-10 is broken where the oldest is older than a day. */
export class ErasureMetrics {
  constructor(
    registry: Registry,
    private readonly erasures: Pick<ErasuresInProgress, 'unfinished'>,
    private readonly now: () => number = Date.now,
  ) {
    this.addGauges([registry]);
  }

  private addGauges(registers: Registry[]): void {
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
        oldest.set(found.since === undefined ? 0 : Math.max(0, (this.now() - found.since.getTime()) / milliseconds));
      },
    });
  }
}
