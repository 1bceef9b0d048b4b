import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Container } from 'inversify';
import { compose } from '../../src/composition-root.js';
import { foundationOf } from '../../src/composition-root/foundation.js';
import { startGround } from '../../src/composition-root/service.js';
import { Undo } from '../../src/composition-root/undo.js';
import { loadConfiguration } from '../../src/infrastructure/configuration.js';
import { PinoLog } from '../../src/infrastructure/pino-log.js';
import type { DatabaseConnection } from '../../src/infrastructure/postgres-supervisor/endpoint.js';
import { urlOf } from './bench-server.js';

/** The log, the vault and the read models of a database, without any role. */
export async function onGround<T>(
  connection: DatabaseConnection,
  rootKey: string,
  work: (container: Container) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'annal-bench-data-'));
  const undo = new Undo((error) => {
    throw error;
  });
  undo.later(async () => rmSync(folder, { recursive: true, force: true }));
  try {
    const environment = { DATABASE_URL: urlOf(connection), ANNAL_ROOT_KEY: rootKey, ANNAL_DATA: folder };
    const loaded = loadConfiguration(environment, () => '');
    if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
    const lost = (error: Error): never => {
      throw error;
    };
    const log = new PinoLog('silent', process.stderr);
    const container = compose(await foundationOf(loaded.configuration, log, lost, undo, 'beside'));
    await startGround(container, undo);
    return await work(container);
  } finally {
    await undo.all();
  }
}
