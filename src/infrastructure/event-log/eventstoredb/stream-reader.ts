import { BACKWARDS, END, type EventStoreDBClient, FORWARDS, type ReadStreamOptions } from '@eventstore/db-client';
import type { StoredEvent } from '../log-engine.js';
import { drain } from './draining.js';
import { outcomeOf } from './outcome.js';
import type { Patience } from './patience.js';
import { storedOf } from './stored-json.js';

/** Reads of one stream, answered by the node that leads: another one may be behind, and a verdict may hang on it. */
export class StreamReader {
  constructor(
    private readonly client: EventStoreDBClient,
    private readonly patience: Patience,
  ) {}

  async read(stream: string, from: number, max: number): Promise<readonly StoredEvent[]> {
    return this.patience.untilKnown(`EventStoreDB: reading ${stream}`, () => this.once(stream, from, max));
  }

  async readBackwards(stream: string, max: number): Promise<readonly StoredEvent[]> {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: max } as const;
    return this.patience.untilKnown(`EventStoreDB: reading ${stream}`, () => this.attempt(stream, options));
  }

  /** A single attempt, for callers who repeat by themselves. */
  async once(stream: string, from: number, max: number): Promise<readonly StoredEvent[]> {
    return this.attempt(stream, { direction: FORWARDS, fromRevision: BigInt(from), maxCount: max });
  }

  private async attempt(stream: string, options: ReadStreamOptions): Promise<readonly StoredEvent[]> {
    if (Number(options.maxCount) < 1) return [];
    try {
      const read = this.client.readStream(stream, { ...options, requiresLeader: true });
      const events = await drain(read, this.patience.timings.call);
      return events.flatMap((event) => storedOf(event) ?? []);
    } catch (error) {
      if (outcomeOf(error) === 'no-stream') return [];
      throw error;
    }
  }
}
