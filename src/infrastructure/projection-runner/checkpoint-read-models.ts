import type pg from 'pg';
import type { Clock } from '../../application/ports/clock.js';
import { type EventLog, ForeignEpoch, type Position } from '../../application/ports/event-log.js';
import { ReadModels, type ReadModelState, type Standing } from '../../application/ports/read-models.js';
import { milliseconds, type TenantId } from '../../domain/values.js';
import { UnreadableEvent } from '../event-log/unreadable.js';
import type { Health } from './health.js';
import { liveSchema, modelId } from './model-table.js';
import { distance } from './progress.js';
import type { ReadModel, ReadModelCatalog } from './read-model-catalog.js';
import type { ReadModelStates } from './read-model-states.js';

type Row = {
  model: string;
  position: Position | null;
  events: string;
  rate: number;
  leader: string | null;
  parked_events: number;
  parked_streams: number;
};

const statusQuery = `
  SELECT c.model, c.position, c.events,
         CASE WHEN c.updated_at > now() - interval '10 seconds' THEN c.rate ELSE 0 END AS rate,
         (SELECT l.holder FROM projection_leases l WHERE l.model = c.model AND l.expires > clock_timestamp()) AS leader,
         (SELECT count(*)::integer FROM parked_events p WHERE p.model = c.model) AS parked_events,
         (SELECT count(DISTINCT p.stream)::integer FROM parked_events p WHERE p.model = c.model) AS parked_streams
    FROM projection_checkpoints c WHERE c.model = ANY ($1)`;

/** Answers from checkpoints, leases and parked events, so that any instance can tell how all are. */
export class CheckpointReadModels extends ReadModels {
  constructor(
    private readonly pool: pg.Pool,
    private readonly log: Pick<EventLog, 'readAll' | 'head'>,
    private readonly catalog: ReadModelCatalog,
    private readonly states: ReadModelStates,
    private readonly clock: Clock,
    /** Of this process. */
    private readonly health: (model: string) => Health,
  ) {
    super();
  }

  override standing(readModel: string, tenant?: TenantId): Promise<Standing> {
    return this.states.standing(modelId(liveSchema, this.catalog.named(readModel).shape), tenant);
  }

  override async status(): Promise<readonly ReadModelState[]> {
    const ids = this.catalog.all.map(({ shape }) => modelId(liveSchema, shape));
    const { rows } = await this.pool.query<Row>(statusQuery, [ids]);
    const known = new Map(rows.map((row) => [row.model, row]));
    const head = await this.log.head();
    return Promise.all(
      this.catalog.all.map((model, index) =>
        this.state(model, ids[index] as string, known.get(ids[index] as string), head),
      ),
    );
  }

  private async state(model: ReadModel, id: string, row: Row | undefined, head: Position): Promise<ReadModelState> {
    const position = this.states.later(row?.position ?? undefined, this.states.position(id));
    const age = await this.age(model, position);
    const lag = age === 0 ? 0 : Math.max(0, distance(head) - distance(position));
    const rate = Math.round(row?.rate ?? 0);
    const { duty, failure } = this.health(id);
    return {
      name: model.shape.name,
      version: model.shape.version,
      kind: model.kind,
      standing: await this.states.standing(id),
      duty,
      failure,
      leader: row?.leader ?? undefined,
      position,
      events: Number(row?.events ?? 0),
      eventsPerSecond: rate,
      lag,
      lagMilliseconds: age,
      etaSeconds: lag === 0 ? 0 : rate > 0 ? lag / rate : undefined,
      parkedEvents: row?.parked_events ?? 0,
      parkedStreams: row?.parked_streams ?? 0,
    };
  }

  /** Milliseconds since the first event that is not applied was recorded. */
  private async age(model: ReadModel, position: Position | undefined): Promise<number> {
    try {
      const page = await this.log.readAll(position, 1, categoriesOf(model));
      const [waiting] = page.events;
      return waiting === undefined ? 0 : Math.max(1, milliseconds(this.clock.now()) - milliseconds(waiting.recordedAt));
    } catch (error) {
      // It waits for an event that this program cannot read, or belongs to another history: how long is not known.
      if (error instanceof UnreadableEvent || error instanceof ForeignEpoch) return 1;
      throw error;
    }
  }
}

function categoriesOf(model: ReadModel): { categories: readonly string[] } | undefined {
  switch (model.kind) {
    case 'inline':
      return { categories: [model.inline.category] };
    case 'asynchronous':
      return model.projection.categories === 'all' ? undefined : { categories: model.projection.categories };
  }
}
