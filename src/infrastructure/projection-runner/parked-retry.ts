import type { EventLog, Recorded, StreamName } from '../../application/ports/event-log.js';
import type { Announcements } from './announcements.js';
import { Fenced } from './checkpoints.js';
import type { ReadModelFollower } from './follower.js';
import type { Lease, Leases } from './leases.js';
import { liveSchema, modelId } from './model-table.js';
import type { ParkedStream, ParkedStreams } from './parking.js';
import { failureName } from './poison.js';
import type { ReadModelCatalog } from './read-model-catalog.js';

export type Retried = Readonly<{
  model: string;
  /** Streams that were taken up. */
  streams: number;
  events: number;
  /** Streams that still wait, and why. */
  parked: readonly Readonly<{ stream: StreamName; error: string }>[];
}>;

/** Events per read. */
const pageSize = 200;

/**
 * Takes parked events up again, after the handler was fixed: stream by stream, each in order. Where rows depend on several streams, the
 * order between those is lost; rebuild such a model instead.
 */
export class ParkedRetry {
  constructor(
    private readonly log: Pick<EventLog, 'read'>,
    private readonly catalog: ReadModelCatalog,
    private readonly parking: ParkedStreams,
    private readonly leases: Leases,
    private readonly announcements: Announcements,
  ) {}

  /** @throws where there is no read model of that name (without version), Fenced when another operation takes the model over */
  async retryParked(name: string): Promise<Retried> {
    const model = this.catalog.named(name);
    const follower = await this.catalog.follower(model, liveSchema, () => undefined);
    const lease = await this.leases.seize(follower.model);
    try {
      await follower.lead();
      return await this.takeUpAll(name, follower, lease);
    } finally {
      await this.leases.release(lease);
      this.announcements.lookAgain(modelId(liveSchema, model.shape));
    }
  }

  private async takeUpAll(name: string, follower: ReadModelFollower, { checkpoint }: Lease): Promise<Retried> {
    const parked: { stream: StreamName; error: string }[] = [];
    let [streams, events] = [0, 0];
    for (const waiting of await this.parking.list(follower.model)) {
      try {
        await follower.takeUp(checkpoint, waiting.stream, await this.read(waiting));
        streams += 1;
        events += waiting.count;
      } catch (error) {
        if (error instanceof Fenced) throw error;
        parked.push({ stream: waiting.stream, error: failureName(error) });
        await this.parking.failedAgain(follower.model, waiting, failureName(error));
      }
    }
    return { model: name, streams, events, parked };
  }

  private async read({ stream, first, last }: ParkedStream): Promise<readonly Recorded[]> {
    const events: Recorded[] = [];
    for (let from = first; from <= last; from = first + events.length) {
      const page = await this.log.read(stream, from, Math.min(pageSize, last - from + 1));
      if (page.length === 0) break;
      events.push(...page);
    }
    return events;
  }
}
