import { type InlineRow, RevisionConflict, type StreamName } from '../../src/application/ports/event-log.js';
import {
  type EncodedEvent,
  type EngineAppend,
  type EngineAppended,
  type EngineFilter,
  type EnginePage,
  LogEngine,
  type StoredEvent,
} from '../../src/infrastructure/event-log/log-engine.js';

/** The log in memory, for specs. Its clock advances by one millisecond with every append. */
export class MemoryLogEngine extends LogEngine {
  /** Everything stored, in position order; specs may tamper with it. */
  readonly log: StoredEvent[] = [];
  /** Inline rows by table and key. */
  readonly rows = new Map<string, InlineRow>();
  private readonly listeners = new Set<() => void>();
  private milliseconds = Date.UTC(2026, 0, 1);

  constructor(
    private readonly name = 'memory',
    /** Called with the rows of every append, also of a repeated one, before it is answered. */
    private readonly alsoWrite: (rows: readonly InlineRow[]) => Promise<void> = async () => undefined,
  ) {
    super();
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.listeners.clear();
  }

  epoch(): string {
    return this.name;
  }

  async append({ stream, expectedRevision, events, inline }: EngineAppend): Promise<EngineAppended> {
    if (events.length === 0) throw new RangeError('an append holds at least one event');
    const existing = this.stream(stream);
    if (isRetry(existing, expectedRevision, events)) {
      await this.store(inline);
      return place(existing[expectedRevision + events.length]);
    }
    const known = new Set(this.log.map(({ id }) => id));
    if (existing.length - 1 !== expectedRevision || events.some(({ id }) => known.has(id))) {
      throw new RevisionConflict(stream as StreamName);
    }
    const recordedAt = new Date(++this.milliseconds).toISOString();
    events.forEach((event, index) => {
      const position = BigInt(this.log.length + 1);
      this.log.push({ ...event, stream, revision: expectedRevision + 1 + index, position, recordedAt });
    });
    const last = place(this.log.at(-1));
    await this.store(inline);
    for (const listener of this.listeners) listener();
    return last;
  }

  async read(stream: string, from: number, max: number): Promise<readonly StoredEvent[]> {
    return this.stream(stream).slice(from, from + max);
  }

  async readBackwards(stream: string, max: number): Promise<readonly StoredEvent[]> {
    return this.stream(stream).reverse().slice(0, max);
  }

  async readAll(after: bigint, max: number, filter: EngineFilter = {}): Promise<EnginePage> {
    const events = this.log.filter((event) => event.position > after && matches(event, filter)).slice(0, max);
    const head = BigInt(this.log.length);
    const upTo = events.length < max ? head : (events.at(-1)?.position ?? after);
    return { events, upTo: upTo < after ? after : upTo, atHead: upTo >= head };
  }

  async readAllBackwards(before: bigint | undefined, max: number, filter: EngineFilter = {}): Promise<EnginePage> {
    const events = this.log
      .filter((event) => (before === undefined || event.position < before) && matches(event, filter))
      .reverse()
      .slice(0, max);
    return { events, upTo: events.at(-1)?.position ?? 0n, atHead: before === undefined };
  }

  async head(): Promise<bigint> {
    return BigInt(this.log.length);
  }

  onGrowth(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private stream(name: string): StoredEvent[] {
    return this.log.filter(({ stream }) => stream === name);
  }

  private async store(inline: readonly InlineRow[]): Promise<void> {
    for (const row of inline) {
      const name = `${row.table}|${row.key}`;
      if ((this.rows.get(name)?.revision ?? -1) < row.revision) this.rows.set(name, row);
    }
    await this.alsoWrite(inline);
  }
}

const isRetry = (existing: readonly StoredEvent[], expected: number, events: readonly EncodedEvent[]): boolean =>
  events.every(({ id }, index) => existing[expected + 1 + index]?.id === id);

function place(event: StoredEvent | undefined): EngineAppended {
  if (event === undefined) throw new Error('nothing was stored');
  return { revision: event.revision, position: event.position, recordedAt: event.recordedAt };
}

function matches({ stream }: StoredEvent, { categories, tenant }: EngineFilter): boolean {
  const dash = stream.indexOf('-');
  const category = stream.slice(0, dash);
  const owner = stream.slice(dash + 1, stream.indexOf('_', dash));
  return (categories === undefined || categories.includes(category)) && (tenant === undefined || tenant === owner);
}
