import type pg from 'pg';
import type { Subscription } from 'rxjs';
import { type EventLog, ForeignEpoch, type Position } from '../../application/ports/event-log.js';
import type { Standing } from '../../application/ports/read-models.js';
import type { TenantId } from '../../domain/values.js';
import type { Announcements } from './announcements.js';

type State = Readonly<{
  position: Position | undefined;
  built: boolean;
  parkedTenants: ReadonlySet<string>;
  /** Until when this is believed; an announcement may end it earlier. */
  until: number;
}>;
type StateRow = { model: string; position: Position | null; built: boolean; parked: string[] };

/** Milliseconds for which a standing is believed while nothing else is announced. */
const belief = 1_000;

/** What this process knows of read models: from announcements, and from the checkpoints where it has to look. */
export class ReadModelStates {
  private readonly known = new Map<string, State>();
  /** Counts calls to look again, so that an answer under way when one arrives is not taken for fresh. */
  private looks = 0;
  /** Looks at single models that are under way, shared by all who ask meanwhile. */
  private readonly looking = new Map<string, Promise<void>>();
  private subscription: Subscription | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly log: Pick<EventLog, 'compare'>,
    private readonly announcements: Announcements,
  ) {}

  start(): void {
    this.subscription = this.announcements.all.subscribe(({ model, position }) => {
      if (position === undefined) this.looks += 1;
      const concerned = model === undefined ? [...this.known.keys()] : [model];
      for (const id of concerned) {
        const state = this.known.get(id);
        if (state !== undefined)
          this.known.set(id, { ...state, ...(position === undefined ? { until: 0 } : { position }) });
      }
    });
  }

  stop(): void {
    this.subscription?.unsubscribe();
  }

  /** As last heard or read. */
  position(model: string): Position | undefined {
    return this.known.get(model)?.position;
  }

  async standing(model: string, tenant?: TenantId): Promise<Standing> {
    const before = this.known.get(model);
    if (before === undefined || !before.built || before.until < performance.now()) await this.look(model);
    const state = this.known.get(model);
    if (state === undefined || !state.built) return 'building';

    const parked = tenant === undefined ? state.parkedTenants.size > 0 : state.parkedTenants.has(tenant);
    return parked ? 'parked' : 'serving';
  }

  /** One that was begun before somebody was told to look again is not good enough for whoever asks after that. */
  private look(model: string): Promise<void> {
    const key = `${model} ${this.looks}`;
    const begun = this.looking.get(key);
    if (begun) return begun;

    const look = this.refresh([model]).finally(() => this.looking.delete(key));
    this.looking.set(key, look);
    return look;
  }

  /** Positions and parked tenants in one look, so that no position is believed without what was set aside on the way to it. */
  async refresh(models: readonly string[]): Promise<void> {
    const looks = this.looks;
    const { rows } = await this.pool.query<StateRow>(
      `SELECT c.model, c.position, c.built_at IS NOT NULL AS built,
              array(SELECT DISTINCT p.tenant FROM parked_events p WHERE p.model = c.model) AS parked
         FROM projection_checkpoints c WHERE c.model = ANY ($1)`,
      [models],
    );
    for (const { model, position, built, parked } of rows) {
      this.known.set(model, {
        position: this.later(position ?? undefined, this.position(model)),
        built,
        parkedTenants: new Set(parked),
        until: looks === this.looks ? performance.now() + belief : 0,
      });
    }
  }

  /** Announcements may be ahead of checkpoints that only passed over other events, and behind where one was lost. */
  later(stored: Position | undefined, heard: Position | undefined): Position | undefined {
    if (stored === undefined || heard === undefined) return stored;
    try {
      return this.log.compare(heard, stored) > 0 ? heard : stored;
    } catch (error) {
      if (error instanceof ForeignEpoch) return stored;
      throw error;
    }
  }
}
