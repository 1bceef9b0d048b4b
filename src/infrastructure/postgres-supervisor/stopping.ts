import { execFile } from 'node:child_process';
import { realpathSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { clusterDirectory } from './cluster.js';
import { existingEndpoint, SUPERUSER } from './endpoint.js';
import { type Postmaster, readPostmaster, serverProcesses, signal } from './process-table.js';
import { quietClient } from './starting.js';

/** Fast shutdown, then the one that leaves recovery to the next start, each with the time it gets. */
const POLITE: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 5_000],
];
const GRACE_WITHOUT_POSTMASTER = 1_000;
const LAST_LIMIT = 5_000;

/** The first process of a server, known to be that. */
export type ServerProcess = Readonly<{ pid: number; isAlive(): boolean }>;

/**
 * Stops the server of the cluster and every process of it; resolves when none is left.
 * @param postmaster undefined when it is known to be gone.
 * @throws Error when processes survive SIGKILL.
 */
export async function stopServer(
  cluster: string,
  postmaster: ServerProcess | undefined,
  postgres: string,
): Promise<void> {
  if (process.platform === 'win32') return stopOnWindows(cluster, postgres);

  // A process that has only just been started is not in its data directory yet.
  const own = (): number[] => (postmaster?.isAlive() === true ? [postmaster.pid] : []);
  const living = (): number[] => [...new Set([...own(), ...(serverProcesses(cluster) ?? [])])];
  const ended = async (limit: number): Promise<boolean> => {
    for (const until = performance.now() + limit; living().length > 0; await sleep(10)) {
      if (performance.now() > until) return false;
    }

    return true;
  };

  for (const [name, limit] of POLITE) {
    if (postmaster?.isAlive() !== true) break;
    signal(postmaster.pid, name);
    if (await ended(limit)) return;
  }
  // Processes that lost their postmaster end by themselves, unless busy; a new server cannot start before that.
  if (await ended(GRACE_WITHOUT_POSTMASTER)) return;
  for (const survivor of living()) signal(survivor, 'SIGKILL');
  if (!(await ended(LAST_LIMIT)))
    throw new Error(`PostgreSQL processes of ${cluster} do not end: ${living().join(', ')}.`);
}

/**
 * Stops a server that a killed service left behind, and removes the postmaster.pid of one that was killed. The server
 * is not kept: its settings and version may be old ones, and transactions of the dead service must be over before the
 * new one reads. Call it while holding the data directory.
 * @returns whether there was anything to stop.
 */
export async function stopOrphan(dataDirectory: string, postgres: string): Promise<boolean> {
  const cluster = clusterDirectory(dataDirectory);
  const postmaster = readPostmaster(cluster);
  const processes = serverProcesses(cluster);
  if (processes !== undefined) {
    const pid = processes.find((candidate) => candidate === postmaster?.pid);
    const isAlive = (): boolean => pid !== undefined && serverProcesses(cluster)?.includes(pid) === true;
    await stopServer(cluster, pid === undefined ? undefined : { pid, isAlive }, postgres);
    // PostgreSQL would refuse to start when the process id in it is in use again, which is common in containers.
    rmSync(join(cluster, 'postmaster.pid'), { force: true });

    return processes.length > 0;
  }
  if (postmaster === undefined || !(await servesCluster(dataDirectory, postmaster))) return false;
  await stopServer(cluster, { pid: postmaster.pid, isAlive: () => exists(postmaster.pid) }, postgres);

  return true;
}

/** Where processes cannot be inspected: asks the server itself what it serves. */
async function servesCluster(dataDirectory: string, { port, socketDirectory }: Postmaster): Promise<boolean> {
  const endpoint = existingEndpoint(dataDirectory, port, socketDirectory);
  const client = quietClient({ ...endpoint, user: SUPERUSER, database: 'postgres' });
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');

    return realpathSync(rows[0]?.data_directory ?? '') === realpathSync(clusterDirectory(dataDirectory));
  } catch {
    return false; // PostgreSQL itself then refuses to start beside a live server, and says so.
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Windows has no signals: killing the postmaster would be a crash. */
async function stopOnWindows(cluster: string, postgres: string): Promise<void> {
  if (readPostmaster(cluster) === undefined) return;
  await promisify(execFile)(join(dirname(postgres), 'pg_ctl.exe'), [
    'stop',
    '-D',
    cluster,
    '-m',
    'fast',
    '-w',
    '-t',
    '40',
  ]);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
