import { exhaustMap, filter, firstValueFrom, interval, map, merge, of, timeout } from 'rxjs';
import { type EventLog, ForeignEpoch, type Position } from '../../application/ports/event-log.js';
import { Freshness, type Visibility } from '../../application/ports/freshness.js';
import type { AnyProjection } from '../../projections/projection.js';
import type { Announcements } from './announcements.js';
import { liveSchema, modelId } from './model-table.js';
import type { ReadModelStates } from './read-model-states.js';

/** Milliseconds between looks at the checkpoints while somebody waits, in case an announcement was lost. */
const recheck = 1_000;

/** Answers from the announcements of the projection loops, wherever they run. */
export class CheckpointFreshness extends Freshness {
  private readonly models: ReadonlyMap<string, string>;

  constructor(
    private readonly log: Pick<EventLog, 'compare'>,
    projections: readonly AnyProjection[],
    private readonly states: ReadModelStates,
    private readonly announcements: Announcements,
    /** Milliseconds until a wait is given up. */
    private readonly patience: number,
  ) {
    super();
    this.models = new Map(projections.map((projection) => [projection.name, modelId(liveSchema, projection)]));
  }

  override async waitFor(position: Position, readModels: readonly string[]): Promise<Visibility> {
    if (this.compared(position, position) === undefined) return 'foreign-epoch';

    const models = readModels.map((name) => this.model(name));
    const visible = (): boolean => models.every((model) => this.shows(model, position));
    if (visible()) return 'visible';
    await this.states.refresh(models);
    if (visible()) return 'visible';

    const heard = this.announcements.all.pipe(filter(({ model }) => model !== undefined && models.includes(model)));
    const looked = interval(recheck).pipe(exhaustMap(() => this.states.refresh(models)));
    return firstValueFrom(
      merge(heard, looked).pipe(
        filter(visible),
        map((): Visibility => 'visible'),
        timeout({ first: this.patience, with: () => of('not-yet' as const) }),
      ),
    );
  }

  private model(name: string): string {
    const model = this.models.get(name);
    if (model === undefined) throw new Error(`there is no read model ${name}`);

    return model;
  }

  /** A checkpoint of an earlier epoch shows nothing of this one. */
  private shows(model: string, position: Position): boolean {
    const reached = this.states.position(model);
    const order = reached === undefined ? undefined : this.compared(reached, position);
    return order !== undefined && order >= 0;
  }

  private compared(left: Position, right: Position): number | undefined {
    try {
      return this.log.compare(left, right);
    } catch (error) {
      if (error instanceof ForeignEpoch) return undefined;
      throw error;
    }
  }
}
