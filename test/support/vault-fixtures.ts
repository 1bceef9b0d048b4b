import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../../src/infrastructure/database.js';
import { migrate } from '../../src/infrastructure/migrations/migrate.js';
import { EnvironmentRootKeys } from '../../src/infrastructure/vault/environment-root-keys.js';
import { freshDatabase } from './test-database.js';

/** A migrated database of its own; `close` drops it. */
export async function migratedDatabase(): Promise<{ database: Database; close(): Promise<void> }> {
  const { config, drop } = await freshDatabase();
  const database = new Database(config);
  await migrate(database);
  return {
    database,
    close: async () => {
      await database.close();
      await drop();
    },
  };
}

/** A root key made of one repeated byte. */
export const rootKeyText = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
export const rootKeys = (): EnvironmentRootKeys => new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(7) });

/** A folder that `remove` deletes. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'annal-vault-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
