import type pg from 'pg';
import type { Comparison } from './comparison.js';
import type { LiveComparison } from './live-comparison.js';
import type { Report } from './progress.js';
import type { ReadModelCatalog } from './read-model-catalog.js';
import type { Refold, Refolds } from './refold.js';
import { scratchSchema } from './scratch.js';
import type { SwitchOver } from './switch-over.js';
import { refoldPage, type Verification, verification } from './verification.js';

export type RebuildOptions = Readonly<{
  /** Switch although the rebuilt rows differ from the serving ones. */
  accept: boolean;
}>;

export type Rebuilt = Verification &
  Readonly<{
    /** False where differences were not accepted: the old table goes on serving. */
    switched: boolean;
  }>;

/** Two folds over the same events gave different rows: a handler depends on something that is no event. Nothing was switched. */
export class FoldsDiffer extends Error {
  constructor(
    readonly model: string,
    readonly comparison: Comparison,
  ) {
    super(`two folds of ${model} differ in ${comparison.differences} rows`);
    this.name = 'FoldsDiffer';
  }
}

/** Events applied at a time. */
const rebuildPage = 4_000;

/** Builds a read model anew while the old one serves, compares, and puts it in the old one's place at once. */
export class Rebuilds {
  constructor(
    private readonly pool: pg.Pool,
    private readonly catalog: ReadModelCatalog,
    private readonly refolds: Refolds,
    private readonly comparison: LiveComparison,
    private readonly switchOver: SwitchOver,
  ) {}

  /** @throws FoldsDiffer, or where there is no read model of that name (without version) */
  async rebuild(name: string, { accept }: RebuildOptions, report: Report = () => undefined): Promise<Rebuilt> {
    const model = this.catalog.named(name);
    const schema = await scratchSchema(this.pool, 'rebuild');
    const refold = await this.refolds.begin(model, schema, rebuildPage, report);
    let switched = false;
    try {
      const comparison = await this.comparison.compare(refold);
      const result = verification(refold, comparison);
      if (comparison.differences > 0 && !accept) return { ...result, switched };

      if (model.kind === 'asynchronous') await this.foldTwice(refold, report);
      await this.switchOver.run(refold);
      switched = true;
      return { ...result, switched };
    } finally {
      if (!switched) await refold.drop();
    }
  }

  /** The rebuilt rows are compared with a fold of their own, not only with those that may have been wrong. */
  private async foldTwice(refold: Refold, report: Report): Promise<void> {
    if (refold.position === undefined) return;

    const schema = await scratchSchema(this.pool, 'verify');
    const second = await this.refolds.begin(refold.model, schema, refoldPage, report);
    try {
      await second.upTo(refold.position);
      const comparison = await this.comparison.compareFolds(refold, second);
      if (comparison.differences > 0) throw new FoldsDiffer(refold.model.shape.name, comparison);
    } finally {
      await second.drop();
    }
  }
}
