import type { OperatorLog } from './application/ports/operator-log.js';
import type { Configuration } from './infrastructure/configuration.js';
import type { Database } from './infrastructure/database.js';
import { ControlRow } from './infrastructure/event-log/control-row.js';
import type { LogEngine } from './infrastructure/event-log/log-engine.js';
import { generationName, logGeneration } from './infrastructure/event-log/log-generation.js';
import { PostgresLogEngine } from './infrastructure/event-log/postgres/postgres-log-engine.js';

export const controlRow = (database: Database): ControlRow => new ControlRow(database.pool, generationName(logGeneration));

/** The engine of the log that the configuration names. */
export function logEngineOf(_configuration: Configuration, database: Database, _log: OperatorLog): LogEngine {
  return new PostgresLogEngine(database, controlRow(database));
}
