import {
  type AllStreamResolvedEvent,
  BACKWARDS,
  END,
  type EventStoreDBClient,
  FORWARDS,
  type Position,
  START,
} from '@eventstore/db-client';
import type { EngineFilter, EnginePage, StoredEvent } from '../log-engine.js';
import { drain } from './draining.js';
import type { Patience } from './patience.js';
import { storedOf } from './stored-json.js';

/** Events of one call at most, and of the first where many may be passed over: reads of $all have no filter here. */
const window = { longest: 1_000, filtered: 100 };
/** Events looked at for one page; a rare category then takes several pages. */
const widest = 20_000;

/** One record of $all; `event` only where it is one of ours. */
type Record = Readonly<{ event: StoredEvent | undefined; cursor: Position }>;
type From = Position | typeof START | typeof END;

/** Reads of the whole log, filtered here. `upTo` moves past what does not match, system events and foreign ones too. */
export class AllReader {
  /** No event of ours lies after `head` up to `looked`. */
  private known = { head: 0n, looked: 0n };

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly patience: Patience,
  ) {}

  async readAll(after: bigint, max: number, filter: EngineFilter): Promise<EnginePage> {
    const events: StoredEvent[] = [];
    let upTo = after;
    let from: From = after === 0n ? START : positionOf(after);
    for (let looked = 0, size = firstSize(max, filter); events.length < max && looked < widest; size = larger(size)) {
      // The record at the cursor comes first and has been seen; one more tells whether this was the end.
      const count = size + 2;
      const page = await this.page(FORWARDS, from, count);
      looked += page.length;
      for (const { event, cursor } of page) {
        if (events.length === max) return { events, upTo, atHead: false };
        if (cursor.commit > after && event !== undefined && matches(event, filter) && isNew(events, event))
          events.push(event);
        if (cursor.commit > upTo) upTo = cursor.commit;
        from = cursor;
      }
      if (page.length < count) return { events, upTo, atHead: true };
    }
    return { events, upTo, atHead: false };
  }

  async readAllBackwards(before: bigint | undefined, max: number, filter: EngineFilter): Promise<EnginePage> {
    const events: StoredEvent[] = [];
    const atHead = before === undefined;
    let upTo = 0n;
    let from: From = before === undefined ? END : positionOf(before);
    if (before === 0n) return { events, upTo, atHead };

    for (let looked = 0, size = firstSize(max, filter); events.length < max && looked < widest; size = larger(size)) {
      const page = await this.page(BACKWARDS, from, size);
      looked += page.length;
      for (const { event, cursor } of page) {
        if (events.length === max) break;
        if (event !== undefined && matches(event, filter)) events.push(event);
        upTo = cursor.commit;
        from = cursor;
      }
      if (page.length < size) break;
    }
    return { events, upTo, atHead };
  }

  /** Looks backwards for the newest event of ours, never further than it has looked before. */
  async head(): Promise<bigint> {
    const { head, looked } = this.known;
    let from: From = END;
    let newest = 0n;
    for (let count = 1; ; count = window.longest) {
      const page = await this.page(BACKWARDS, from, count);
      newest = newest === 0n ? (page[0]?.cursor.commit ?? 0n) : newest;
      const found = page.find(({ event, cursor }) => event !== undefined || cursor.commit <= looked);
      const last = page.at(-1);
      if (found !== undefined || last === undefined || page.length < count) {
        return this.remember(found?.event?.position ?? (found === undefined ? 0n : head), newest);
      }
      from = last.cursor;
    }
  }

  private remember(head: bigint, looked: bigint): bigint {
    if (looked > this.known.looked) this.known = { head, looked };
    return head;
  }

  private async page(
    direction: typeof FORWARDS | typeof BACKWARDS,
    from: From,
    maxCount: number,
  ): Promise<readonly Record[]> {
    return this.patience.untilKnown('EventStoreDB: reading the log', async () => {
      const read = this.client.readAll({ direction, fromPosition: from, maxCount, requiresLeader: true });
      const records = await drain<AllStreamResolvedEvent>(read, this.patience.timings.call);
      return records.flatMap((record) => {
        const cursor = (record.link ?? record.event)?.position;
        return cursor === undefined ? [] : [{ event: storedOf(record), cursor }];
      });
    });
  }
}

/** Everything that is appended over gRPC has equal commit and prepare positions. */
const positionOf = (position: bigint): Position => ({ commit: position, prepare: position });

const firstSize = (max: number, { categories, tenant }: EngineFilter): number =>
  Math.min(categories === undefined && tenant === undefined ? max : Math.max(max, window.filtered), window.longest);

const larger = (size: number): number => Math.min(size * 2, window.longest);

/** The record at the cursor comes again with the next page. */
const isNew = (events: readonly StoredEvent[], { position }: StoredEvent): boolean =>
  events.at(-1)?.position !== position;

function matches({ stream }: StoredEvent, { categories, tenant }: EngineFilter): boolean {
  const dash = stream.indexOf('-');
  const owner = stream.slice(dash + 1, stream.indexOf('_', dash));
  return (categories?.includes(stream.slice(0, dash)) ?? true) && (tenant === undefined || tenant === owner);
}
