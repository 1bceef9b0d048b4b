import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a server wrote into its postmaster.pid; it stays behind when the server is killed. */
export type Postmaster = Readonly<{ pid: number; port: number; socketDirectory: string }>;

/** Reads postmaster.pid of a cluster; undefined when there is none, or its server is only about to fill it. */
export function readPostmaster(cluster: string): Postmaster | undefined {
  try {
    const [pid, , , port, socketDirectory] = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    if (pid === undefined || port === undefined || socketDirectory === undefined) return undefined;

    return { pid: Math.abs(Number(pid)), port: Number(port), socketDirectory };
  } catch {
    return undefined;
  }
}

/**
 * The live processes of the cluster's server, whoever started them. A process id on file proves nothing, since ids are
 * reused; but every PostgreSQL process works in its data directory. Linux only: elsewhere undefined, meaning unknown.
 */
export function serverProcesses(cluster: string): number[] | undefined {
  if (process.platform !== 'linux') return undefined;

  const home = statSync(cluster, { throwIfNoEntry: false });
  if (home === undefined) return [];

  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const place = statSync(`/proc/${pid}/cwd`);

        return place.ino === home.ino && place.dev === home.dev && isPostgres(pid);
      } catch {
        return false; // It ended, is a zombie, or belongs to somebody else.
      }
    });
}

/** Sends a signal to a process that may have ended. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in the meantime.
  }
}

function isPostgres(pid: number): boolean {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres';
}
