import type { EventLog } from '../../application/ports/event-log.js';
import type { Announcements } from './announcements.js';
import { Journey } from './following.js';
import type { Leases } from './leases.js';
import { liveSchema, modelId } from './model-table.js';
import type { ReadModel, ReadModelCatalog } from './read-model-catalog.js';

const pace = { page: 2_000, poll: 0, store: 0, rest: 0 };

/**
 * Brings the inline models of this program to the head of the log: at start, before anything is decided (rows of appends that a crash cut
 * short, and whole tables of new versions), and once more as the tail under which the control row is advanced.
 */
export class InlineCatchUp {
  constructor(
    private readonly log: Pick<EventLog, 'readAll'>,
    private readonly catalog: ReadModelCatalog,
    private readonly leases: Leases,
    private readonly announcements: Announcements,
  ) {}

  /** The tables have to stand. @throws ShapeChanged. Loops that lead these models are fenced off and take them up again afterwards. */
  async run(): Promise<void> {
    await this.catalog.demandShapes();
    await Promise.all(this.catalog.all.filter(({ kind }) => kind === 'inline').map((model) => this.catchUp(model)));
  }

  private async catchUp(model: ReadModel): Promise<void> {
    const id = modelId(liveSchema, model.shape);
    const lease = await this.leases.seize(id);
    try {
      const follower = await this.catalog.follower(model, liveSchema, () => undefined);
      await follower.lead();
      const journey = new Journey(follower, this.log, pace, lease.checkpoint);
      while ((await journey.step())?.atHead !== true);
    } finally {
      await this.leases.release(lease);
      this.announcements.lookAgain(id);
    }
  }
}
