import {
  type AllFilter,
  type AllPage,
  type Append,
  type Appended,
  EventLog,
  ForeignEpoch,
  type Position,
  type Recorded,
  type StreamName,
  type InlineRow,
} from '../../application/ports/event-log.js';
import type { Instant } from '../../domain/values.js';
import type { EventCodec } from './codec.js';
import type { EnginePage, LogEngine, StoredEvent } from './log-engine.js';
import { UnreadableEvent } from './unreadable.js';

/**
 * The typed log over an engine of bytes. Reading throws UnreadableEvent; a page of the whole log ends before an event
 * that cannot be read and only throws where that event comes first, so that a reader has seen everything before it and
 * can go on after `error.position`.
 */
export class SealedEventLog extends EventLog {
  constructor(
    private readonly engine: LogEngine,
    private readonly codec: EventCodec,
  ) {
    super();
  }

  confirm(inline: readonly InlineRow[]): Promise<void> {
    return this.engine.confirm(inline);
  }

  async append(append: Append): Promise<Appended> {
    const { stream, expectedRevision, inline } = append;
    // Sealed once: whatever the engine sends again after an unknown outcome is the same bytes.
    const events = await this.codec.encode(append);
    const { revision, position, recordedAt } = await this.engine.append({ stream, expectedRevision, events, inline });
    return { revision, position: this.position(position), recordedAt: recordedAt as Instant };
  }

  async read(stream: StreamName, from: number, max: number): Promise<readonly Recorded[]> {
    return this.openAll(await this.engine.read(stream, from, max));
  }

  async readBackwards(stream: StreamName, max: number): Promise<readonly Recorded[]> {
    return this.openAll(await this.engine.readBackwards(stream, max));
  }

  async readAll(after: Position | undefined, max: number, filter?: AllFilter): Promise<AllPage> {
    return this.openPage(await this.engine.readAll(after === undefined ? 0n : this.number(after), max, filter));
  }

  async readAllBackwards(before: Position | undefined, max: number, filter?: AllFilter): Promise<AllPage> {
    const from = before === undefined ? undefined : this.number(before);
    return this.openPage(await this.engine.readAllBackwards(from, max, filter));
  }

  async head(): Promise<Position> {
    return this.position(await this.engine.head());
  }

  onGrowth(listener: () => void): () => void {
    return this.engine.onGrowth(listener);
  }

  compare(left: Position, right: Position): number {
    const [one, other] = [this.number(left), this.number(right)];
    return one < other ? -1 : one > other ? 1 : 0;
  }

  private async openAll(stored: readonly StoredEvent[]): Promise<readonly Recorded[]> {
    const { events, unreadable } = await this.open(stored);
    if (unreadable !== undefined) throw unreadable;
    return events;
  }

  private async openPage({ events: stored, upTo, atHead }: EnginePage): Promise<AllPage> {
    const { events, unreadable } = await this.open(stored);
    if (unreadable === undefined) return { events, upTo: this.position(upTo), atHead };

    const last = events.at(-1);
    if (last === undefined) throw unreadable;
    return { events, upTo: last.position, atHead: false };
  }

  /** The events before the first one that cannot be read. */
  private async open(stored: readonly StoredEvent[]): Promise<{ events: Recorded[]; unreadable?: UnreadableEvent }> {
    const events: Recorded[] = [];
    for (const event of await this.codec.decode(stored, (position) => this.position(position))) {
      if (event instanceof UnreadableEvent) return { events, unreadable: event };
      events.push(event);
    }
    return { events };
  }

  private position(position: bigint): Position {
    return `${this.engine.epoch()}.${position}` as Position;
  }

  private number(position: Position): bigint {
    const dot = position.lastIndexOf('.');
    const digits = position.slice(dot + 1);
    if (position.slice(0, dot) !== this.engine.epoch() || !/^\d+$/.test(digits)) throw new ForeignEpoch(position);
    return BigInt(digits);
  }
}
