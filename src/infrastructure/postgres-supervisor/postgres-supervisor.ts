import { type ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Binaries, type BinarySource, findBinaries, installedBinaries, packagedBinaries } from './binaries.js';
import {
  clusterDirectory,
  clusterMajor,
  createCluster,
  type Durability,
  removeDrafts,
  secureCluster,
} from './cluster.js';
import { clearEndpoint, closeEndpoint, type DatabaseConnection, existingEndpoint, openEndpoint } from './endpoint.js';
import { inUse, type Ownership, takeOwnership } from './ownership.js';
import { readPostmaster } from './process-table.js';
import { type ServerAccount, serverAccount } from './server-account.js';
import { ServerLog } from './server-log.js';
import { ensureDatabase, knock, spawnServer, waitUntilReady } from './starting.js';
import { type ServerProcess, stopOrphan, stopServer } from './stopping.js';

/** What became of a crash of the server: it runs again, or it was given up and the service should stop. */
export type CrashOutcome =
  | Readonly<{ status: 'restarted'; crashes: number }>
  | Readonly<{ status: 'lost'; error: Error }>;

export type SupervisorOptions = Readonly<{
  /** ANNAL_DATA; the cluster lives in its folder `postgres`, the server's log beside it. */
  dataDirectory: string;
  log: (message: string) => void;
  onCrash?: (outcome: CrashOutcome) => void;
  /** `throw-away` gives up crash safety for speed; for tests. */
  durability?: Durability;
  /** How many crashes and failed starts, with no steady half minute between them, end in `lost`; 10 unless said. */
  crashLimit?: number;
  /** Where to look for PostgreSQL, best first. */
  binarySources?: readonly BinarySource[];
}>;

/** A server process with all that is needed to start it again. */
type Server = Readonly<{ binaries: Binaries; account: ServerAccount; endpoint: DatabaseConnection }>;

const STOPPED = 'PostgreSQL was stopped while it was starting.';
const ATTACH_LIMIT = 60_000;
const LOG_CHECK_INTERVAL = 60_000;
const STEADY = 30_000;
const CRASH_LIMIT = 10;
const LONGEST_PAUSE = 5_000;

/**
 * Runs the PostgreSQL that comes with Annal: creates the cluster, starts the server, restarts it when it crashes, stops
 * it when asked. It installs no signal handlers; whoever owns the process calls {@link stop} after draining.
 */
export class PostgresSupervisor {
  private readonly dataDirectory: string;
  private readonly cluster: string;
  private readonly serverLog: ServerLog;
  private ownership: Ownership | undefined;
  private server: Server | undefined;
  private child: ChildProcess | undefined;
  private work: Promise<unknown> = Promise.resolve();
  private stopped: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private crashes = 0;
  private readySince = 0;
  private logTimer: NodeJS.Timeout | undefined;

  /** A process that ends without {@link stop}, as after an uncaught error, still takes its server along. */
  private readonly onExit = (): void => void this.child?.kill('SIGINT');

  constructor(private readonly options: SupervisorOptions) {
    this.dataDirectory = resolve(options.dataDirectory);
    this.cluster = clusterDirectory(this.dataDirectory);
    this.serverLog = new ServerLog(this.dataDirectory);
  }

  /**
   * Takes the data directory and starts its server.
   * @throws DataDirectoryInUse when another service runs on it; Error with the end of the server's log otherwise.
   */
  async start(): Promise<{ connection: DatabaseConnection }> {
    await mkdir(this.dataDirectory, { recursive: true, mode: 0o700 });
    const ownership = takeOwnership(this.dataDirectory);
    if (ownership === undefined) throw inUse(this.dataDirectory);

    return this.startAsOwner(ownership);
  }

  /**
   * For commands that may run beside a live service: connects to its server, or starts one until {@link stop}.
   * @throws Error when the service on that directory does not get its server ready within a minute.
   */
  async attach(): Promise<{ connection: DatabaseConnection }> {
    await mkdir(this.dataDirectory, { recursive: true, mode: 0o700 });
    for (const until = performance.now() + ATTACH_LIMIT; performance.now() < until; await sleep(50)) {
      const ownership = takeOwnership(this.dataDirectory);
      if (ownership !== undefined) return this.startAsOwner(ownership);

      const postmaster = readPostmaster(this.cluster);
      if (postmaster === undefined) continue;
      const connection = existingEndpoint(this.dataDirectory, postmaster.port, postmaster.socketDirectory);
      if ((await knock(connection)) === 'ready') return { connection };
    }

    throw new Error(`${inUse(this.dataDirectory).message} Its PostgreSQL does not answer.`);
  }

  /** Stops what this supervisor started, not a server it only attached to. Safe to call at any time, repeatedly. */
  stop(): Promise<void> {
    this.stopping.abort();
    this.stopped ??= this.shutDown();

    return this.stopped;
  }

  private async startAsOwner(ownership: Ownership): Promise<{ connection: DatabaseConnection }> {
    if (this.stopping.signal.aborted) {
      ownership.release();
      throw new Error(STOPPED);
    }
    this.ownership = ownership;
    const starting = this.prepare();
    this.work = starting.catch(() => undefined);
    try {
      return { connection: await starting };
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  private async prepare(): Promise<DatabaseConnection> {
    const { options, dataDirectory, cluster } = this;
    const durability = options.durability ?? 'durable';
    await removeDrafts(dataDirectory);
    const major = await clusterMajor(cluster);
    const account = serverAccount(cluster);
    const sources = options.binarySources ?? [packagedBinaries, installedBinaries];
    const binaries = await findBinaries(sources, major, account, dataDirectory);
    const endpoint = await openEndpoint(dataDirectory, account);
    this.server = { binaries, account, endpoint };

    if (major === undefined) {
      options.log(`Creating a PostgreSQL ${binaries.version} cluster in ${cluster}, with ${binaries.postgres}`);
      await createCluster(dataDirectory, binaries, account, durability);
    }
    await secureCluster(cluster, account);
    if (await stopOrphan(dataDirectory, binaries.postgres)) {
      options.log('Stopped the PostgreSQL server that a killed service had left running');
    }
    process.on('exit', this.onExit);
    await this.launch(this.server);
    await ensureDatabase(endpoint);
    this.logTimer = setInterval(() => this.serverLog.rotate(), LOG_CHECK_INTERVAL).unref();

    return endpoint;
  }

  /** Starts the server process and returns when it answers; from then on its end is a crash. */
  private async launch({ binaries, account, endpoint }: Server): Promise<void> {
    const durability = this.options.durability ?? 'durable';
    clearEndpoint(endpoint);
    const child = this.serverLog.handTo((log) =>
      spawnServer(binaries, this.cluster, account, endpoint, durability, log),
    );
    let ended: string | undefined;
    child.once('error', (error) => (ended = error.message));
    child.once('exit', (code, signal) => (ended = signal ?? `exit code ${code}`));
    this.child = child;

    try {
      await waitUntilReady(endpoint, () => {
        if (ended !== undefined) return `PostgreSQL ended while it was starting (${ended}).`;

        return this.stopping.signal.aborted ? STOPPED : undefined;
      });
    } catch (error) {
      await stopServer(this.cluster, processOf(child), binaries.postgres);
      throw new Error(`${error instanceof Error ? error.message : String(error)}${this.serverLog.tail()}`, {
        cause: error,
      });
    }
    this.readySince = performance.now();
    if (ended !== undefined) throw new Error(`PostgreSQL ended at once (${ended}).${this.serverLog.tail()}`);
    child.once('exit', (code, signal) => this.crashed(signal ?? `exit code ${code}`));
  }

  private crashed(ending: string): void {
    const server = this.server;
    if (this.stopping.signal.aborted || server === undefined) return;

    if (performance.now() - this.readySince > STEADY) this.crashes = 0;
    this.options.log(`PostgreSQL ended unexpectedly (${ending}); starting it again`);
    this.work = this.recover(server, new Error(`PostgreSQL ended unexpectedly (${ending}).${this.serverLog.tail()}`));
  }

  /** Tries again with growing pauses, up to the limit. */
  private async recover(server: Server, crash: Error): Promise<void> {
    for (let error = crash; !this.stopping.signal.aborted; ) {
      this.crashes += 1;
      if (this.crashes > (this.options.crashLimit ?? CRASH_LIMIT)) {
        this.options.log(`PostgreSQL is given up: ${error.message}`);
        this.options.onCrash?.({ status: 'lost', error });

        return;
      }
      try {
        await sleep(Math.min(50 * 2 ** (this.crashes - 1), LONGEST_PAUSE), undefined, { signal: this.stopping.signal });
        await stopOrphan(this.dataDirectory, server.binaries.postgres);
        await this.launch(server);
        this.options.log('PostgreSQL runs again');
        this.options.onCrash?.({ status: 'restarted', crashes: this.crashes });

        return;
      } catch (failure) {
        error = failure instanceof Error ? failure : new Error(String(failure));
      }
    }
  }

  private async shutDown(): Promise<void> {
    try {
      await this.work;
      if (this.server !== undefined && this.child !== undefined) {
        await stopServer(this.cluster, processOf(this.child), this.server.binaries.postgres);
      }
    } finally {
      clearInterval(this.logTimer);
      process.off('exit', this.onExit);
      if (this.server !== undefined) closeEndpoint(this.server.endpoint);
      this.ownership?.release();
    }
  }
}

function processOf(child: ChildProcess): ServerProcess | undefined {
  const { pid } = child;

  return pid === undefined ? undefined : { pid, isAlive: () => child.exitCode === null && child.signalCode === null };
}
