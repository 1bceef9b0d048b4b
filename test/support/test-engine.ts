import type { Database } from '../../src/infrastructure/database.js';
import { EventStoreDbLogEngine } from '../../src/infrastructure/event-log/eventstoredb/eventstoredb-log-engine.js';
import type { LogEngine } from '../../src/infrastructure/event-log/log-engine.js';
import { PostgresLogEngine } from '../../src/infrastructure/event-log/postgres/postgres-log-engine.js';
import { controlRow } from '../../src/composition-root/engines.js';
import type { Undo } from '../../src/composition-root/undo.js';
import { EventStoreDbServer } from './eventstoredb-server/server.js';

export type EngineName = 'postgres' | 'eventstoredb';

/** ANNAL_TEST_EVENT_LOG=eventstoredb runs every spec of the whole service on EventStoreDB. */
export const engineOfTests: EngineName =
  process.env['ANNAL_TEST_EVENT_LOG'] === 'eventstoredb' ? 'eventstoredb' : 'postgres';

const engines: Readonly<Record<EngineName, (database: Database, undo: Undo) => Promise<LogEngine>>> = {
  postgres: async (database) => new PostgresLogEngine(database, controlRow(database, 'postgres')),
  // Always the test server: a log that other installations write to cannot be the log of this one.
  eventstoredb: async (database, undo) => {
    const server = await new EventStoreDbServer().start();
    undo.later(() => server.stop());
    return new EventStoreDbLogEngine(
      server.connectionString,
      database.pool,
      controlRow(database, 'eventstoredb'),
      () => undefined,
    );
  },
};

export const testEngine = (name: EngineName, database: Database, undo: Undo): Promise<LogEngine> =>
  engines[name](database, undo);
