import { randomUUID } from 'node:crypto';
import type { InlineRow } from '../../src/application/ports/event-log.js';
import { Database } from '../../src/infrastructure/database.js';
import { EventStoreDbLogEngine } from '../../src/infrastructure/event-log/eventstoredb/eventstoredb-log-engine.js';
import { GatedControlRow } from '../../src/infrastructure/event-log/eventstoredb/gated-control-row.js';
import type { Timings } from '../../src/infrastructure/event-log/eventstoredb/timings.js';
import type { EncodedEvent } from '../../src/infrastructure/event-log/log-engine.js';
import { migrate } from '../../src/infrastructure/migrations/migrate.js';
import { freshDatabase, type TestDatabase } from './test-database.js';

/** Short enough for specs that wait for a bound, long enough for a busy machine. */
export const shortTimings: Timings = { call: 1_000, operation: 5_000, pause: 5, longestPause: 50, dispose: 500 };

/** A migrated PostgreSQL database for the rows beside the log, and engines on it. */
export class EventStoreDbFixture {
  readonly messages: string[] = [];
  private engines: EventStoreDbLogEngine[] = [];

  private constructor(
    private readonly testDatabase: TestDatabase,
    readonly database: Database,
  ) {}

  static async open(): Promise<EventStoreDbFixture> {
    const testDatabase = await freshDatabase();
    const database = new Database(testDatabase.config);
    await migrate(database);
    await database.pool.query(
      `create table seen_v1 (
         key text primary key, tenant uuid not null, id text not null, revision integer not null, note text)`,
    );
    return new EventStoreDbFixture(testDatabase, database);
  }

  /** Not started yet. */
  engine(connectionString: string, fingerprint = 'test', timings = shortTimings): EventStoreDbLogEngine {
    const control = this.control(fingerprint, timings);
    const log = (message: string) => void this.messages.push(message);
    const engine = new EventStoreDbLogEngine(connectionString, this.database.pool, control, log, timings);
    this.engines.push(engine);
    return engine;
  }

  control(fingerprint: string, timings = shortTimings): GatedControlRow {
    return new GatedControlRow(this.database.pool, fingerprint, timings);
  }

  /** Stops all engines and empties what they share. */
  async reset(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.stop()));
    this.engines = [];
    await this.database.pool.query('delete from control; delete from seen_v1');
  }

  async close(): Promise<void> {
    await this.reset();
    await this.database.close();
    await this.testDatabase.drop();
  }
}

export const tenant = '0199b1f0-0000-7000-8000-000000000001';
/** A name that no other run has used, also in a shared database. */
export const newStream = (category = 'user'): string => `${category}-${tenant}_${randomUUID()}`;

export const newEvent = (data: object = { text: 'ü' }, id: string = randomUUID()): EncodedEvent => ({
  id,
  type: 'user.registered',
  data: Buffer.from(JSON.stringify(data)),
  metadata: Buffer.from(JSON.stringify({ v: 1, cmd: id })),
});

export const seenRow = (stream: string, revision: number, note: string): InlineRow =>
  ({ table: 'seen_v1', key: stream, tenant, id: stream, revision, columns: { note } }) as unknown as InlineRow;
