import type { Database } from '../../src/infrastructure/database.js';
import { EventStoreDbLogEngine } from '../../src/infrastructure/event-log/eventstoredb/eventstoredb-log-engine.js';
import { defaultTimings } from '../../src/infrastructure/event-log/eventstoredb/timings.js';
import type { LogEngine } from '../../src/infrastructure/event-log/log-engine.js';
import { PostgresLogEngine } from '../../src/infrastructure/event-log/postgres/postgres-log-engine.js';
import { defaultLimits } from '../../src/infrastructure/event-log/postgres/sequencer.js';
import { controlRow } from '../../src/composition-root/engines.js';

export type EngineName = 'postgres' | 'eventstoredb';

/** ANNAL_TEST_EVENT_LOG=eventstoredb runs every spec of the whole service on EventStoreDB. */
export const engineOfTests: EngineName =
  process.env['ANNAL_TEST_EVENT_LOG'] === 'eventstoredb' ? 'eventstoredb' : 'postgres';

/** Where the log stands; `eventStore` is the connection string of the test server. */
export type EnginePlace = Readonly<{ engine: EngineName; eventStore: string }>;

/** How long an engine tries again while the outcome of an append is unknown: as in production, or not at all. */
export type Persistence = 'patient' | 'impatient';

const limits = { patient: defaultLimits, impatient: { ...defaultLimits, queueing: 0, resolving: 0 } } as const;
const timings = { patient: defaultTimings, impatient: { ...defaultTimings, operation: 50 } } as const;

const engines: Readonly<Record<EngineName, (place: EnginePlace, database: Database, how: Persistence) => LogEngine>> = {
  postgres: (_, database, how) => new PostgresLogEngine(database, controlRow(database, 'postgres'), limits[how]),
  eventstoredb: ({ eventStore }, database, how) =>
    new EventStoreDbLogEngine(
      eventStore,
      database.pool,
      controlRow(database, 'eventstoredb'),
      () => undefined,
      timings[how],
    ),
};

export const testEngine = (place: EnginePlace, database: Database, how: Persistence = 'patient'): LogEngine =>
  engines[place.engine](place, database, how);
