import type pg from 'pg';
import type { StreamStates } from '../../application/ports/stream-states.js';
import type { AnyInlineModel } from '../inline-models.js';
import { readCheckpoint } from './checkpoints.js';
import { type Comparison, compareDigests, sampleSize } from './comparison.js';
import { Snapshot } from './digests.js';
import { InlineSettling } from './inline-settling.js';
import { describeTable, liveSchema, modelId, type ModelTable } from './model-table.js';
import type { Refold } from './refold.js';

/** A fold that has fewer events to go is close enough to hold a snapshot for. */
const close = 2_000;

/** Compares a fold with the table that serves, while both the log and the table move on. */
export class LiveComparison {
  constructor(
    private readonly pool: pg.Pool,
    private readonly states: StreamStates,
  ) {}

  /** Leaves the fold at the position that was compared. */
  async compare(refold: Refold): Promise<Comparison> {
    switch (refold.model.kind) {
      case 'asynchronous': {
        const first = await this.atCheckpoint(refold);
        // An erasure between the snapshot and the end of the fold reaches only one of them; it does not last.
        return first.differences === 0 ? first : this.atCheckpoint(refold);
      }
      case 'inline':
        return this.atRevisions(refold, refold.model.inline);
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

  /** Inline rows have no common position: those of one revision are compared, others are folded again until they are. */
  private async atRevisions(refold: Refold, inline: AnyInlineModel): Promise<Comparison> {
    const table = await this.liveTable(refold);
    await refold.upToHead();
    const moving: string[] = [];
    const keep = (key: string): void => void moving.push(...(JSON.parse(key) as [string]));
    const settled = await this.compareTables(await Snapshot.open(this.pool), table, refold, keep);
    const unsettled = await new InlineSettling(this.pool, this.states).settle(inline, table, refold.table, moving);
    return {
      ...settled,
      differences: settled.differences + unsettled.length,
      sample: [...settled.sample, ...unsettled].slice(0, sampleSize),
    };
  }

  private liveTable({ model }: Refold): Promise<ModelTable> {
    return describeTable(this.pool, liveSchema, model.shape);
  }

  private async compareTables(
    live: Snapshot,
    table: ModelTable,
    refold: Refold,
    moving?: (key: string) => void,
  ): Promise<Comparison> {
    const { kind } = refold.model;
    const folded = await Snapshot.open(this.pool);
    try {
      return await compareDigests(live.digests(table, kind), folded.digests(refold.table, kind), moving);
    } finally {
      await Promise.all([live.close(), folded.close()]);
    }
  }
}
