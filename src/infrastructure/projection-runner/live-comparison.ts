import type pg from 'pg';
import { readCheckpoint } from './checkpoints.js';
import { type Comparison, compareDigests, type Difference, sampleSize } from './comparison.js';
import { Snapshot } from './digests.js';
import { describeTable, liveSchema, modelId, type ModelTable, qualified } from './model-table.js';
import type { Refold } from './refold.js';

/** How often an inline row is looked at again before it counts as different: it may move between two looks. */
const looks = 3;
/** A fold that has fewer events to go is close enough to hold a snapshot for. */
const close = 2_000;

/** Compares a fold with the table that serves, while both the log and the table move on. */
export class LiveComparison {
  constructor(private readonly pool: pg.Pool) {}

  /** Leaves the fold at the position that was compared. */
  async compare(refold: Refold): Promise<Comparison> {
    switch (refold.model.kind) {
      case 'asynchronous': {
        const first = await this.atCheckpoint(refold);
        // An erasure between the snapshot and the end of the fold reaches only one of them; it does not last.
        return first.differences === 0 ? first : this.atCheckpoint(refold);
      }
      case 'inline':
        return this.atRevisions(refold);
    }
  }

  /** Compares with another fold that stands still at the same position. */
  async compareFolds(one: Refold, other: Refold): Promise<Comparison> {
    return this.compareTables(await Snapshot.open(this.pool), one.table, other);
  }

  /** A snapshot holds the live table still at its checkpoint; the fold is led to the same position. */
  private async atCheckpoint(refold: Refold): Promise<Comparison> {
    const live = modelId(liveSchema, refold.model.shape);
    for (let before = -1; refold.events - before > close; ) {
      before = refold.events;
      const position = (await readCheckpoint(this.pool, live))?.position;
      if (position !== undefined) await refold.upTo(position);
    }
    const snapshot = await Snapshot.open(this.pool);
    const position = (await snapshot.checkpoint(live))?.position;
    if (position !== undefined) await refold.upTo(position);
    return this.compareTables(snapshot, await this.liveTable(refold), refold);
  }

  /** Inline rows have no common position: rows that differ are folded again until both are of one revision. */
  private async atRevisions(refold: Refold): Promise<Comparison> {
    const table = await this.liveTable(refold);
    for (let look = 1; ; look += 1) {
      await refold.upToHead();
      const comparison = await this.compareTables(await Snapshot.open(this.pool), table, refold);
      if (comparison.differences > 0 && comparison.differences <= sampleSize && look < looks) continue;

      const sample = await this.steady(table, refold.table, comparison.sample);
      return { ...comparison, differences: comparison.differences - comparison.sample.length + sample.length, sample };
    }
  }

  /** Without those whose rows are of two revisions: a row moved on while it was looked at. */
  private async steady(
    live: ModelTable,
    folded: ModelTable,
    sample: readonly Difference[],
  ): Promise<readonly Difference[]> {
    const keys = sample.map(({ key }) => (JSON.parse(key) as [string])[0]);
    const { rows } = await this.pool.query<{ key: string }>(
      `SELECT key FROM ${qualified(live)} held JOIN ${qualified(folded)} built USING (key)
        WHERE key = ANY ($1) AND held.revision <> built.revision`,
      [keys],
    );
    const moving = new Set(rows.map((row) => row.key));
    return sample.filter((_, index) => !moving.has(keys[index] as string));
  }

  private liveTable({ model }: Refold): Promise<ModelTable> {
    return describeTable(this.pool, liveSchema, model.shape);
  }

  private async compareTables(live: Snapshot, table: ModelTable, refold: Refold): Promise<Comparison> {
    const folded = await Snapshot.open(this.pool);
    try {
      return await compareDigests(live.digests(table), folded.digests(refold.table));
    } finally {
      await Promise.all([live.close(), folded.close()]);
    }
  }
}
