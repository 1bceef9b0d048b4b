import type pg from 'pg';
import type { StreamStates } from '../../application/ports/stream-states.js';
import type { AnyProjection } from '../../projections/projection.js';
import type { AnyInlineModel } from '../inline-models.js';
import { type Declared, demandShapes, ensureTables } from './ensure-tables.js';
import type { ReadModelFollower } from './follower.js';
import { InlineFollower } from './inline-follower.js';
import { inlineShape } from './inline-rows.js';
import { describeTable, modelId } from './model-table.js';
import { type Faults, noFaults, PageCommit } from './page-commit.js';
import { type ParkedEvent, ParkedStreams } from './parking.js';
import { ProjectionFollower } from './projection-follower.js';

/** A read model of either kind. */
export type ReadModel =
  | Readonly<{ kind: 'asynchronous'; shape: Declared; projection: AnyProjection }>
  | Readonly<{ kind: 'inline'; shape: Declared; inline: AnyInlineModel }>;

/** Every read model of this program, and what keeps one following the log, in the live schema or another. */
export class ReadModelCatalog {
  readonly all: readonly ReadModel[];

  constructor(
    private readonly pool: pg.Pool,
    projections: readonly AnyProjection[],
    inlineModels: readonly AnyInlineModel[],
    readonly states: StreamStates,
    private readonly faults: Faults = noFaults,
  ) {
    this.all = [
      ...projections.map((projection) => ({ kind: 'asynchronous', shape: projection, projection }) as const),
      ...inlineModels.map((inline) => ({ kind: 'inline', shape: inlineShape(inline), inline }) as const),
    ];
  }

  /** @throws where there is no read model of that name */
  named(name: string): ReadModel {
    const found = this.all.find(({ shape }) => shape.name === name);
    if (found === undefined) throw new Error(`there is no read model ${name}: see annal projections list`);

    return found;
  }

  /** Creates what is missing in the live schema. */
  ensure(): Promise<void> {
    return ensureTables(this.pool, this.shapes());
  }

  /** @throws ShapeChanged where columns were changed and the version was not */
  demandShapes(): Promise<void> {
    return demandShapes(this.pool, this.shapes());
  }

  /** The table has to stand. */
  async follower(model: ReadModel, schema: string, alarm: (event: ParkedEvent) => void): Promise<ReadModelFollower> {
    const id = modelId(schema, model.shape);
    const table = await describeTable(this.pool, schema, model.shape);
    switch (model.kind) {
      case 'inline':
        return new InlineFollower(id, this.pool, model.inline, table, this.states, alarm);
      case 'asynchronous': {
        const pages = new PageCommit(this.pool, model.projection, table, this.faults);
        return new ProjectionFollower(id, model.projection, pages, new ParkedStreams(this.pool), alarm);
      }
    }
  }

  private shapes(): readonly Declared[] {
    return this.all.map(({ shape }) => shape);
  }
}
