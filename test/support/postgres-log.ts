import { Database } from '../../src/infrastructure/database.js';
import { ControlRow } from '../../src/infrastructure/event-log/control-row.js';
import { PostgresLogEngine } from '../../src/infrastructure/event-log/postgres/postgres-log-engine.js';
import { defaultLimits, type SequencerLimits } from '../../src/infrastructure/event-log/postgres/sequencer.js';
import { migrate } from '../../src/infrastructure/migrations/migrate.js';
import type { LogEngineFixture } from '../contracts/log-engine.js';
import { freshDatabase } from './test-database.js';

export type PostgresLogFixture = LogEngineFixture &
  Readonly<{
    engine: PostgresLogEngine;
    database: Database;
    /** One more instance, with limits and a fingerprint of its own. */
    another: (limits?: Partial<SequencerLimits>, fingerprint?: string) => Promise<PostgresLogEngine>;
  }>;

/** A log in a database of its own. Small segments, so that every spec crosses their borders. */
export async function postgresLog(segmentSize = 50): Promise<PostgresLogFixture> {
  const { config, drop } = await freshDatabase();
  const database = new Database(config);
  await migrate(database);
  await database.pool.query('update log_head set segment_size = $1', [segmentSize]);
  const engines: PostgresLogEngine[] = [];

  const another = async (
    limits: Partial<SequencerLimits> = {},
    fingerprint = 'catalogue-1',
  ): Promise<PostgresLogEngine> => {
    const control = new ControlRow(database.pool, fingerprint);
    const engine = new PostgresLogEngine(database, control, { ...defaultLimits, ...limits });
    engines.push(engine);
    await engine.start();

    return engine;
  };
  const close = async (): Promise<void> => {
    await Promise.all(engines.map((engine) => engine.stop()));
    await database.close();
    await drop();
  };

  return { engine: await another(), database, pool: database.pool, another, close };
}
