import { type EventData, NO_STREAM } from '@eventstore/db-client';
import { RevisionConflict, type StreamName } from '../../../application/ports/event-log.js';
import type { EngineAppend, StoredEvent } from '../log-engine.js';
import type { Connection } from './connection.js';
import { outcomeOf } from './outcome.js';
import type { Patience } from './patience.js';
import { proposalOf } from './stored-json.js';
import type { StreamReader } from './stream-reader.js';
import { givenUpAfter } from './timings.js';
import type { WriteGate } from './write-gate.js';

type Standing = Readonly<{ stream: string; expectedRevision: number; ids: readonly string[] }>;

/** Appends at an exact revision and sends the same again until the outcome is known. */
export class Appender {
  constructor(
    private readonly connection: Connection,
    private readonly reader: StreamReader,
    private readonly gate: WriteGate,
    private readonly patience: Patience,
  ) {}

  /**
   * The last event of the append, as it stands in the log now.
   * @throws RevisionConflict, LogUnavailable, RangeError for no events, the client's error for what the server refuses
   */
  async append({ stream, expectedRevision, events }: EngineAppend): Promise<StoredEvent> {
    // The server takes an append of nothing for a success at revision 0.
    if (events.length === 0) throw new RangeError(`${stream}: an append holds at least one event`);
    const proposals = events.map(proposalOf);
    const standing: Standing = { stream, expectedRevision, ids: events.map(({ id }) => id) };

    const last = await this.patience.untilKnown(`EventStoreDB: appending to ${stream}`, async () =>
      (await this.accepted(standing, proposals)) ? this.lastOf(standing) : undefined,
    );
    if (last === undefined) throw new RevisionConflict(stream as StreamName);
    if (last.revision !== expectedRevision + events.length || last.id !== standing.ids.at(-1)) {
      throw new Error(`${stream} was deleted in EventStoreDB, which a stream of the log never is`);
    }
    return last;
  }

  private async accepted(standing: Standing, proposals: EventData[]): Promise<boolean> {
    await this.gate.pass();
    try {
      await this.send(standing, proposals);
      return true;
    } catch (error) {
      if (outcomeOf(error) !== 'conflict') throw error;
      // What the error says of the current revision is no help: did an earlier attempt succeed?
      return this.stand(standing);
    }
  }

  private async send({ stream, expectedRevision }: Standing, proposals: EventData[]): Promise<void> {
    const { client, credentials } = this.connection;
    const { timings } = this.patience;
    const sent = client.appendToStream(stream, proposals, {
      expectedRevision: expectedRevision < 0 ? NO_STREAM : BigInt(expectedRevision),
      // Credentials of the call select the plain Append: the batched one mixes up all callers when its stream breaks.
      credentials,
      deadline: timings.call,
      requiresLeader: true,
    });
    await this.patience.inTime(sent, givenUpAfter(timings));
  }

  /** Whether exactly these events follow the expected revision. */
  private async stand({ stream, expectedRevision, ids }: Standing): Promise<boolean> {
    const events = await this.reader.once(stream, expectedRevision + 1, ids.length);
    return ids.every(
      (id, index) => events[index]?.id === id && events[index].revision === expectedRevision + 1 + index,
    );
  }

  /** Read back: the answer to an append does not say when it was recorded nor, after a repetition, surely where. */
  private async lastOf({ stream, expectedRevision, ids }: Standing): Promise<StoredEvent> {
    const [last] = await this.reader.once(stream, expectedRevision + ids.length, 1);
    if (last === undefined) throw new Error('the append is not visible yet');

    return last;
  }
}
