import type { Database } from '../../src/infrastructure/database.js';
import type { LogEngine } from '../../src/infrastructure/event-log/log-engine.js';
import { PostgresLogEngine } from '../../src/infrastructure/event-log/postgres/postgres-log-engine.js';
import { controlRow } from '../../src/log-engine-choice.js';
import type { Undo } from '../../src/undo.js';

/** The engine that specs of the whole service run on: PostgreSQL, or what ANNAL_EVENT_LOG names. */
export async function testEngine(database: Database, _undo: Undo): Promise<LogEngine> {
  return new PostgresLogEngine(database, controlRow(database));
}
