import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Undo } from '../../src/composition-root/undo.js';
import type { DatabaseConnection } from '../../src/infrastructure/postgres-supervisor/endpoint.js';
import { EventStoreDbServer } from './eventstoredb-server/server.js';
import { freshDatabase } from './test-database.js';
import type { EngineName, EnginePlace } from './test-engine.js';

/** What instances of one installation share. */
export type Place = EnginePlace &
  Readonly<{
    config: DatabaseConnection;
    rootKey: string;
    /** Of the erasure ledger. */
    folder: string;
  }>;

/** Always on the test server: a log that other installations write to cannot be the log of this one. */
const eventStores: Readonly<Record<EngineName, (undo: Undo) => Promise<string>>> = {
  postgres: async () => '',
  eventstoredb: async (undo) => {
    const server = await new EventStoreDbServer().start();
    undo.later(() => server.stop());
    return server.connectionString;
  },
};

export const newRootKey = (): string => randomBytes(32).toString('base64');

async function ownDatabase(undo: Undo): Promise<DatabaseConnection> {
  const { config, drop } = await freshDatabase();
  undo.later(drop);
  return config;
}

/** An empty database (this one, or one of its own), log and data folder. */
export async function newPlace(engine: EngineName, undo: Undo, database = ownDatabase(undo)): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'annal-spec-'));
  undo.later(async () => rmSync(folder, { recursive: true, force: true }));
  const config = await database;
  const eventStore = await eventStores[engine](undo);
  return { engine, eventStore, config, folder, rootKey: newRootKey() };
}
