import type pg from 'pg';
import type { Comparison } from './comparison.js';
import type { LiveComparison } from './live-comparison.js';
import type { Report } from './progress.js';
import type { ReadModel, ReadModelCatalog } from './read-model-catalog.js';
import type { Refold, Refolds } from './refold.js';
import { type Purpose, scratchSchema } from './scratch.js';

/** Events applied at a time; another number than the live loop's, so that merging is checked as well. */
export const refoldPage = 1_511;

export type Verification = Comparison &
  Readonly<{
    model: string;
    version: number;
    kind: ReadModel['kind'];
    /** Events folded. */
    events: number;
    seconds: number;
  }>;

/** Folds read models anew, beside the live ones, and says where they differ. Nothing live changes. */
export class Verifications {
  constructor(
    private readonly pool: pg.Pool,
    private readonly catalog: ReadModelCatalog,
    private readonly refolds: Refolds,
    private readonly comparison: LiveComparison,
  ) {}

  /** @throws where there is no read model of that name (without version) */
  async verify(name: string, report: Report = () => undefined): Promise<Verification> {
    return this.folded('verify', this.catalog.named(name), report);
  }

  /** Every read model, one after the other. `told` hears of each result as it comes. */
  async replayAll(
    report: Report = () => undefined,
    told: (result: Verification) => void = () => undefined,
  ): Promise<readonly Verification[]> {
    const results: Verification[] = [];
    for (const model of this.catalog.all) {
      const result = await this.folded('replay', model, report);
      results.push(result);
      told(result);
    }
    return results;
  }

  private async folded(purpose: Purpose, model: ReadModel, report: Report): Promise<Verification> {
    const schema = await scratchSchema(this.pool, purpose);
    const refold = await this.refolds.begin(model, schema, refoldPage, report);
    try {
      return verification(refold, await this.comparison.compare(refold));
    } finally {
      await refold.drop();
    }
  }
}

export const verification = (refold: Refold, comparison: Comparison): Verification => ({
  ...comparison,
  model: refold.model.shape.name,
  version: refold.model.shape.version,
  kind: refold.model.kind,
  events: refold.events,
  seconds: refold.seconds,
});
