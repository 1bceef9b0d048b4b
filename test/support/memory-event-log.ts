import {
  type AllFilter,
  type AllPage,
  type Append,
  type Appended,
  EventLog,
  ForeignEpoch,
  parseStreamName,
  type Position,
  type Recorded,
  RevisionConflict,
  type StreamName,
} from '../../src/application/ports/event-log.js';
import { LogCorrupt, UnknownEventType, type UnreadableEvent } from '../../src/infrastructure/event-log/unreadable.js';
import { instant } from '../../src/domain/values.js';

type Damage = typeof LogCorrupt | typeof UnknownEventType;

const start = Date.parse('2026-01-01T00:00:00Z');

/** A log in memory, for specs of what follows it. Time goes on one millisecond with every event. */
export class MemoryEventLog extends EventLog {
  async confirm(): Promise<void> {
    return Promise.resolve();
  }

  private readonly events: Recorded[] = [];
  /** Places of a stream's events among all. */
  private readonly streams = new Map<StreamName, number[]>();
  private readonly listeners = new Set<() => void>();
  private readonly unreadable = new Map<Position, Damage>();
  /** Reads of the whole log so far. */
  reads = 0;

  constructor(private epoch = 'm1') {
    super();
  }

  override async append({ stream, expectedRevision, events, context }: Append): Promise<Appended> {
    const places = this.streams.get(stream) ?? [];
    const current = places.length - 1;
    this.streams.set(stream, places);
    if (current !== expectedRevision) throw new RevisionConflict(stream);
    events.forEach((event, index) => {
      const at = instant(start + this.events.length);
      places.push(this.events.length);
      this.events.push({
        event,
        id: `00000000-0000-7000-8000-${String(this.events.length).padStart(12, '0')}`,
        version: 1,
        stream,
        revision: current + 1 + index,
        position: this.position(this.events.length + 1),
        tenant: context.tenant,
        actor: context.actor,
        commandId: context.commandId,
        correlationId: context.correlationId,
        occurredAt: at,
        recordedAt: at,
        subjects: [],
        retention: 'account',
      });
    });
    const revision = current + events.length;
    for (const listener of [...this.listeners]) listener();
    return {
      revision,
      position: this.position(this.events.length),
      recordedAt: instant(start + this.events.length - 1),
    };
  }

  override async read(stream: StreamName, from: number, max: number): Promise<readonly Recorded[]> {
    return this.readable(this.at(this.places(stream).slice(from, from + max)));
  }

  override async readBackwards(stream: StreamName, max: number): Promise<readonly Recorded[]> {
    return this.readable(this.at(this.places(stream).slice(-max).reverse()));
  }

  override async readAll(after: Position | undefined, max: number, filter?: AllFilter): Promise<AllPage> {
    this.reads += 1;
    const from = after === undefined ? 0 : this.index(after);
    const events: Recorded[] = [];
    let at = from;
    for (; at < this.events.length && events.length < max; at += 1) {
      const event = this.events[at] as Recorded;
      if (matches(event, filter)) events.push(event);
    }
    return this.page(events, this.position(at), at === this.events.length);
  }

  override async readAllBackwards(before: Position | undefined, max: number, filter?: AllFilter): Promise<AllPage> {
    const end = before === undefined ? this.events.length : this.index(before) - 1;
    const events = this.events
      .slice(0, end)
      .filter((event) => matches(event, filter))
      .reverse()
      .slice(0, max);
    return {
      events: this.readable(events),
      upTo: events.at(-1)?.position ?? this.position(0),
      atHead: events.length < max,
    };
  }

  override async head(): Promise<Position> {
    return this.position(this.events.length);
  }

  override onGrowth(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  override compare(left: Position, right: Position): number {
    return Math.sign(this.index(left) - this.index(right));
  }

  /** The event at this position cannot be read from now on. */
  damage(position: Position, as: Damage): void {
    this.unreadable.set(position, as);
  }

  repair(position: Position): void {
    this.unreadable.delete(position);
  }

  /** As after a restore. */
  beginEpoch(epoch: string): void {
    this.epoch = epoch;
    this.events.forEach((event, index) => {
      this.events[index] = { ...event, position: this.position(index + 1) };
    });
  }

  private places(stream: StreamName): readonly number[] {
    return this.streams.get(stream) ?? [];
  }

  private at(places: readonly number[]): Recorded[] {
    return places.map((place) => this.events[place] as Recorded);
  }

  private failure({ stream, revision, position, event }: Recorded): UnreadableEvent | undefined {
    const place = { stream, revision, position };
    const damage = this.unreadable.get(position);
    if (damage === UnknownEventType) return new UnknownEventType(place, event.type, 2);
    return damage === LogCorrupt ? new LogCorrupt(place, 'damaged by the spec') : undefined;
  }

  private readable(events: readonly Recorded[]): readonly Recorded[] {
    for (const event of events) {
      const failure = this.failure(event);
      if (failure !== undefined) throw failure;
    }
    return events;
  }

  /** Ends before what cannot be read; fails where that comes first. */
  private page(events: readonly Recorded[], upTo: Position, atHead: boolean): AllPage {
    const bad = events.findIndex((event) => this.failure(event) !== undefined);
    if (bad < 1) return { events: this.readable(events), upTo, atHead };

    const good = events.slice(0, bad);
    return { events: good, upTo: good.at(-1)?.position ?? upTo, atHead: false };
  }

  private position(index: number): Position {
    return `${this.epoch}.${index}` as Position;
  }

  private index(position: Position): number {
    const [epoch, index] = position.split('.');
    if (epoch !== this.epoch) throw new ForeignEpoch(position);
    return Number(index);
  }
}

const matches = (event: Recorded, filter: AllFilter | undefined): boolean =>
  (filter?.categories?.includes(parseStreamName(event.stream).category) ?? true) &&
  (filter?.tenant === undefined || filter.tenant === event.tenant);
