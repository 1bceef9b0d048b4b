import type pg from 'pg';
import type { Announcer } from '../../application/notifications/announcer.js';
import { categories } from '../../application/notifications/announcements.js';
import type { AllPage, EventLog, Recorded, StreamName } from '../../application/ports/event-log.js';
import { KeyMissing, SealBroken } from '../../application/ports/vault.js';
import { UnreadableEvent } from '../event-log/unreadable.js';
import { advance, type Checkpoint, rewind } from '../projection-runner/checkpoints.js';
import type { Follower } from '../projection-runner/follower.js';
import { type ParkedEvent, park } from '../projection-runner/parking.js';
import { failureName, isPoison, parkedFor, parkedUnread } from '../projection-runner/poison.js';
import type { OutboxWriter, Within } from './outbox-writer.js';
import { inRepeatableWork, inTransaction } from '../transaction.js';

/** The name of the outbox among checkpoints and leases. */
export const outboxModel = 'outbox';
/** How often an event is tried before it is parked. */
const tries = 3;

/**
 * What would fail again for the same event. Everything else is the state of the world and is waited for: no message may
 * be lost to it. A missing key is the trace of an erasure under way (once that is complete there is nobody to tell) or
 * of a vault that lost keys.
 */
const isPoisonous = (error: unknown): boolean =>
  isPoison(error) ||
  error instanceof KeyMissing ||
  error instanceof SealBroken ||
  error instanceof UnreadableEvent ||
  isFault(error);

/** A fault of the program itself; `fetch` reports a network that is away as a TypeError too, but names the cause. */
const isFault = (error: unknown): boolean =>
  (error instanceof TypeError || error instanceof RangeError) && error.cause === undefined;

/**
 * Reads the log and puts what has to be said into the outbox. Every event that says something has a transaction of its
 * own, in which the checkpoint moves as well. An event that cannot be told is parked alone, and tried again whenever an
 * instance takes the lead.
 */
export class OutboxFollower implements Follower {
  readonly model = outboxModel;
  readonly filter = { categories };
  /** Most events say nothing to anybody; a message waits for its server longer than this. */
  readonly rest = 100;

  constructor(
    private readonly pool: pg.Pool,
    private readonly log: Pick<EventLog, 'read'>,
    private readonly announcer: Announcer,
    private readonly writer: OutboxWriter,
    /** Called when messages wait that did not before. */
    private readonly recorded: () => void,
    private readonly alarm: (event: ParkedEvent) => void,
  ) {}

  async lead(): Promise<void> {
    const { rows } = await this.pool.query<{ stream: StreamName; revision: number }>(
      'select stream, revision from parked_events where model = $1 order by parked_at',
      [this.model],
    );
    for (const { stream, revision } of rows) await this.retry(stream, revision);
  }

  async apply(from: Checkpoint, page: AllPage): Promise<Checkpoint> {
    let reached = from;
    for (const event of page.events) reached = await this.takeOrPark(reached, event);
    const rest = { position: page.upTo, events: 0, recordedAt: page.events.at(-1)?.recordedAt };
    return inRepeatableWork(this.pool, (client) => advance(client, reached, { ...rest, atHead: page.atHead, rate: 0 }));
  }

  setAside(from: Checkpoint, event: UnreadableEvent): Promise<Checkpoint> {
    return this.setParked(from, parkedUnread(event));
  }

  /** Events that are on record stay told; older ones have nothing to say any more. */
  restart(from: Checkpoint): Promise<Checkpoint> {
    return inTransaction(this.pool, (client) => rewind(client, from));
  }

  private async takeOrPark(from: Checkpoint, event: Recorded): Promise<Checkpoint> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.take(from, event);
      } catch (error) {
        if (!isPoisonous(error)) throw error;
        if (attempt === tries) return this.setParked(from, parkedFor(event, failureName(error)));
      }
    }
  }

  private async take(from: Checkpoint, event: Recorded): Promise<Checkpoint> {
    let reached = from;
    await this.tell(event, async (client) => {
      reached = await advance(client, from, step(event));
    });
    return reached;
  }

  /** `within` happens only where there is something to tell. */
  private async tell(event: Recorded, within: Within): Promise<boolean> {
    const entry = await this.announcer.entryFor(event);
    if (!entry) return false;
    if ((await this.writer.record(entry, within)) && entry.outcome === 'queued') this.recorded();
    return true;
  }

  private async retry(stream: StreamName, revision: number): Promise<void> {
    const forget = (client: pg.ClientBase | pg.Pool): Promise<unknown> =>
      client.query('delete from parked_events where model = $1 and stream = $2 and revision = $3', [
        this.model,
        stream,
        revision,
      ]);
    try {
      const [event] = await this.log.read(stream, revision, 1);
      const told = event && (await this.tell(event, async (client) => void (await forget(client))));
      if (!told) await forget(this.pool);
    } catch (error) {
      if (!isPoisonous(error)) throw error;
    }
  }

  private async setParked(from: Checkpoint, event: ParkedEvent): Promise<Checkpoint> {
    const reached = await inTransaction(this.pool, async (client) => {
      await park(client, this.model, [event]);
      return advance(client, from, step(event));
    });
    this.alarm(event);
    return reached;
  }
}

const step = ({ position }: Pick<Recorded, 'position'>) => ({
  position,
  events: 1,
  recordedAt: undefined,
  atHead: false,
  rate: 0,
});
