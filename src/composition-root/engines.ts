import type { OperatorLog } from '../application/ports/operator-log.js';
import type { Configuration } from '../infrastructure/configuration.js';
import type { Database } from '../infrastructure/database.js';
import { ControlRow } from '../infrastructure/event-log/control-row.js';
import { GatedControlRow } from '../infrastructure/event-log/eventstoredb/gated-control-row.js';
import type { LogEngine } from '../infrastructure/event-log/log-engine.js';
import { generationName, logGeneration } from '../infrastructure/event-log/log-generation.js';
import { PostgresLogEngine } from '../infrastructure/event-log/postgres/postgres-log-engine.js';

const controls: Readonly<Record<Configuration['eventLog'], typeof ControlRow>> = {
  postgres: ControlRow,
  eventstoredb: GatedControlRow,
};

export const controlRow = (database: Database, engine: Configuration['eventLog']): ControlRow =>
  new controls[engine](database.pool, generationName(logGeneration));

type Choice = (configuration: Configuration, database: Database, log: OperatorLog) => Promise<LogEngine>;

const engines: Readonly<Record<Configuration['eventLog'], Choice>> = {
  postgres: async (_, database) => new PostgresLogEngine(database, controlRow(database, 'postgres')),
  // Loaded only where it is wanted: the client and its protocol take a quarter of a second and 40 MB.
  eventstoredb: async ({ eventStore }, database, log) => {
    const { EventStoreDbLogEngine } = await import(
      '../infrastructure/event-log/eventstoredb/eventstoredb-log-engine.js'
    );
    return new EventStoreDbLogEngine(eventStore ?? '', database.pool, controlRow(database, 'eventstoredb'), (message) =>
      log.warn('event-log', { message }),
    );
  },
};

/** The engine of the log that the configuration names. */
export const logEngineOf: Choice = (configuration, database, log) =>
  engines[configuration.eventLog](configuration, database, log);
