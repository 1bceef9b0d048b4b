import type pg from 'pg';
import type { InlineRow } from '../../../application/ports/event-log.js';
import type { ControlRow } from '../control-row.js';
import {
  type EngineAppend,
  type EngineAppended,
  type EngineFilter,
  type EnginePage,
  LogEngine,
  type StoredEvent,
} from '../log-engine.js';
import { AllReader } from './all-reader.js';
import { Appender } from './appender.js';
import { type Connection, connectionOf } from './connection.js';
import { GrowthWatch } from './growth-watch.js';
import { InlineRows } from './inline-rows.js';
import { LogEpoch } from './log-epoch.js';
import { reasonOf } from './outcome.js';
import { Patience } from './patience.js';
import { StreamReader } from './stream-reader.js';
import { defaultTimings, type Timings } from './timings.js';
import { WriteGate } from './write-gate.js';

/** What exists between start and stop. */
type Running = Readonly<{
  connection: Connection;
  streams: StreamReader;
  all: AllReader;
  appender: Appender;
  inline: InlineRows;
  stopped: AbortController;
}>;

/**
 * The log in EventStoreDB (or KurrentDB, whose protocol is the same); its epoch, the control row and the inline rows
 * are in PostgreSQL. `position` is the commit position. `recordedAt` is when the leading node recorded the event: the
 * same on every read, but only as monotone as the clocks of the nodes. See
 * docs/decisions/0002-eventstoredb-adapter.md.
 */
export class EventStoreDbLogEngine extends LogEngine {
  private readonly history: LogEpoch;
  private readonly watch: GrowthWatch;
  private running: Running | undefined;

  constructor(
    private readonly connectionString: string,
    private readonly pool: pg.Pool,
    private readonly control: ControlRow,
    private readonly log: (message: string) => void,
    private readonly timings: Timings = defaultTimings,
  ) {
    super();
    this.history = new LogEpoch(pool);
    this.watch = new GrowthWatch(log, () => this.history.read());
  }

  /** @throws Error that names ANNAL_EVENTSTORE when it is malformed, or when the database does not answer in time */
  override async start(): Promise<void> {
    const connection = connectionOf(this.connectionString, process.env['DEBUG']);
    const stopped = new AbortController();
    const patience = new Patience(this.timings, stopped.signal);
    const { client, hosts } = connection;
    const all = new AllReader(client, patience);
    await all.head().catch((error: unknown) => {
      throw new Error(`ANNAL_EVENTSTORE: no use of the database at ${hosts}: ${reasonOf(error)}`, { cause: error });
    });
    await this.control.claim();
    await this.history.read();
    const streams = new StreamReader(client, patience);
    const gate = new WriteGate(this.pool, this.control, this.history, patience);
    this.running = {
      connection,
      streams,
      all,
      appender: new Appender(connection, streams, gate, patience),
      inline: new InlineRows(this.pool, patience),
      stopped,
    };
    this.watch.start(client, patience);
  }

  override async stop(): Promise<void> {
    const { running } = this;
    if (running === undefined) return;
    this.running = undefined;
    running.stopped.abort();
    this.watch.stop();
    // It waits for streams to end, which the server may never let it see.
    await new Patience(this.timings, running.stopped.signal)
      .inTime(running.connection.client.dispose(), this.timings.dispose)
      .catch((error: unknown) => this.log(`EventStoreDB: letting go of the connection: ${reasonOf(error)}`));
  }

  override epoch(): string {
    return this.history.current();
  }

  /** For a log that was restored or copied: positions of before mean nothing any more. */
  async newEpoch(): Promise<string> {
    return this.history.renew();
  }

  override async confirm(inline: readonly InlineRow[]): Promise<void> {
    await this.parts().inline.write('a repeated command', inline);
  }

  /** @throws also OutdatedInstance, and Error when PostgreSQL refuses a row of `inline` (the events stand then) */
  override async append(append: EngineAppend): Promise<EngineAppended> {
    const { appender, inline } = this.parts();
    const { revision, position, recordedAt } = await appender.append(append);
    this.watch.announce();
    await inline.write(append.stream, append.inline);

    return { revision, position, recordedAt };
  }

  override async read(stream: string, from: number, max: number): Promise<readonly StoredEvent[]> {
    return this.parts().streams.read(stream, from, max);
  }

  override async readBackwards(stream: string, max: number): Promise<readonly StoredEvent[]> {
    return this.parts().streams.readBackwards(stream, max);
  }

  override async readAll(after: bigint, max: number, filter: EngineFilter = {}): Promise<EnginePage> {
    return this.parts().all.readAll(after, max, filter);
  }

  override async readAllBackwards(
    before: bigint | undefined,
    max: number,
    filter: EngineFilter = {},
  ): Promise<EnginePage> {
    return this.parts().all.readAllBackwards(before, max, filter);
  }

  override async head(): Promise<bigint> {
    return this.parts().all.head();
  }

  override onGrowth(listener: () => void): () => void {
    return this.watch.listen(listener);
  }

  private parts(): Running {
    if (this.running === undefined) throw new Error('the log has not been started');

    return this.running;
  }
}
