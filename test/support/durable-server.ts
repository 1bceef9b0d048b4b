import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Undo } from '../../src/composition-root/undo.js';
import type { DatabaseConnection } from '../../src/infrastructure/postgres-supervisor/endpoint.js';
import { PostgresSupervisor } from '../../src/infrastructure/postgres-supervisor/postgres-supervisor.js';
import { binarySources } from './test-database.js';

function newFolder(undo: Undo): string {
  const folder = mkdtempSync(join(tmpdir(), `annal-test-${process.pid}-`));
  undo.later(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A server that syncs every commit, as in production; its database is empty where the data folder is. */
export async function durableServer(undo: Undo, dataDirectory = newFolder(undo)): Promise<DatabaseConnection> {
  const supervisor = new PostgresSupervisor({ dataDirectory, binarySources: binarySources(), log: () => undefined });
  undo.later(() => supervisor.stop());
  return (await supervisor.start()).connection;
}

/** As DATABASE_URL wants it. */
export function urlOf({ host, port, user, database, password }: DatabaseConnection): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const at = `postgres://${encodeURIComponent(user)}${secret}@`;
  return host.startsWith('/')
    ? `${at}/${database}?host=${encodeURIComponent(host)}&port=${port}`
    : `${at}${host}:${port}/${database}`;
}
