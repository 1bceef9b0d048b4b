import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another live process runs its PostgreSQL in this data directory. */
export class DataDirectoryInUse extends Error {
  constructor(directory: string, pid: string) {
    super(`Another Annal service (pid ${pid}) is using ${directory}. Stop it, or give this one its own ANNAL_DATA.`);
    this.name = 'DataDirectoryInUse';
  }
}

/** The right to start, stop and repair the PostgreSQL of one data directory; ends with the process, however it dies. */
export type Ownership = Readonly<{ release(): void }>;

/**
 * Takes the directory, or answers undefined when another process (or another supervisor of this one) holds it.
 *
 * The operating system must drop the lock on kill -9, and Node offers no file locks: an exclusive SQLite transaction
 * on an empty file is one (fcntl on POSIX, LockFileEx on Windows). Nothing is ever written to that file, and nothing
 * else in this process may open it: POSIX drops the lock when any descriptor of the file is closed. An advisory lock
 * inside PostgreSQL would not do: it is lost when PostgreSQL crashes, and cannot guard initdb or a start.
 * @throws Error when the directory cannot be written to.
 */
export function takeOwnership(directory: string): Ownership | undefined {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(directory, 'service.lock'), { timeout: 0 });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    writeFileSync(pidFile(directory), `${process.pid}\n`);
  } catch (error) {
    lock?.close();
    if (isLocked(error)) return undefined;
    throw new Error(`Annal cannot write to ${directory}: ${error instanceof Error ? error.message : String(error)}.`, {
      cause: error,
    });
  }
  const held = lock;

  return {
    release: () => {
      rmSync(pidFile(directory), { force: true });
      held.close();
    },
  };
}

/** The error that names who holds the directory. */
export function inUse(directory: string): DataDirectoryInUse {
  let pid = 'unknown';
  try {
    pid = readFileSync(pidFile(directory), 'utf8').trim() || pid;
  } catch {
    // The owner is between taking the lock and writing its pid.
  }

  return new DataDirectoryInUse(directory, pid);
}

function pidFile(directory: string): string {
  return join(directory, 'service.pid');
}

function isLocked(error: unknown): boolean {
  const SQLITE_BUSY = 5;

  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}
