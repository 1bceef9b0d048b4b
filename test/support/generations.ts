import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./service-process.js', import.meta.url));
/** As bin/annal.mjs keeps it: a restart compiles nothing anew. */
const compiled = fileURLToPath(new URL('../../../node_modules/.cache/annal-service-process', import.meta.url));

/** Seconds after which a claim of an Idempotency-Key lapses whose holder died. */
const claimLapses = 31;

/** One process of the service; `loading` and `starting` in milliseconds. */
class ServiceProcess {
  readonly exited: Promise<number | NodeJS.Signals>;
  private readonly lines: AsyncIterator<string>;
  private readonly spawned = performance.now();
  private loading = 0;

  constructor(readonly child: ChildProcess) {
    this.exited = once(child, 'exit').then(([code, signal]) => (code as number | null) ?? (signal as NodeJS.Signals));
    this.lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  }

  async loaded(): Promise<void> {
    await this.line('loaded');
    this.loading = performance.now() - this.spawned;
  }

  /** @returns where it listens, and how long it took from nothing */
  async start(ahead: number): Promise<Readonly<{ url: string; milliseconds: number }>> {
    const ordered = performance.now();
    this.child.stdin?.write(`${ahead}\n`);
    const port = await this.line('ready');
    return { url: `http://127.0.0.1:${port}`, milliseconds: this.loading + performance.now() - ordered };
  }

  async line(beginning: string): Promise<string> {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error(`the service ended before it said "${beginning}"`);
      if (value.startsWith('failed')) throw new Error(value);
      if (value.startsWith(beginning)) return value.slice(beginning.length).trim();
    }
  }
}

/**
 * One service after the other on the same installation. The next process loads its modules while the last one serves, so
 * that many lives fit into a minute; what a restart takes from nothing is recorded all the same.
 */
export class Generations {
  /** Of every restart, in milliseconds from the start of the process to its first answer. */
  readonly restarts: number[] = [];
  private current: ServiceProcess | undefined;
  private waiting: ServiceProcess | undefined;
  private ahead = 0;
  private address: string | undefined;
  private wake: () => void = () => undefined;
  private changed = this.change();
  private ended = false;

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  /** Where the service listens now; waits while there is none. `known` is an address that was no use. */
  async url(known?: string): Promise<string> {
    while (this.address === undefined || this.address === known) {
      if (this.ended) throw new Error('there is no service any more');
      await this.changed;
    }
    return this.address;
  }

  async start(): Promise<void> {
    this.announce(undefined);
    const next = this.waiting ?? this.spawn();
    this.waiting = undefined;
    await next.loaded();
    this.current = next;
    const { url, milliseconds } = await next.start(this.ahead);
    this.restarts.push(milliseconds);
    this.ahead += claimLapses;
    this.waiting = this.spawn();
    this.announce(url);
  }

  /** Sets the clocks of this process and of those that come ahead. */
  advance(seconds: number): void {
    this.ahead += seconds;
    this.current?.child.stdin?.write(`${seconds}\n`);
  }

  /** Ends the current process as a power cut would, and waits until it is gone. */
  async kill(): Promise<void> {
    this.announce(undefined);
    this.current?.child.kill('SIGKILL');
    await this.current?.exited;
  }

  /** Starts the next process and kills it before it serves, `milliseconds` after it was told to. */
  async killWhileStarting(milliseconds: number): Promise<void> {
    const next = this.waiting ?? this.spawn();
    this.waiting = this.spawn();
    await next.loaded();
    const started = next.start(this.ahead).catch(() => undefined);
    this.ahead += claimLapses;
    await Promise.race([started, new Promise((resolve) => setTimeout(resolve, milliseconds))]);
    next.child.kill('SIGKILL');
    await next.exited;
  }

  /** @returns how the process ended */
  async terminate(): Promise<number | NodeJS.Signals | undefined> {
    this.current?.child.kill('SIGTERM');
    const outcome = await this.current?.exited;
    this.announce(undefined);
    return outcome;
  }

  /** Leaves nothing running. */
  async end(): Promise<void> {
    this.ended = true;
    for (const one of [this.current, this.waiting]) {
      one?.child.kill('SIGKILL');
      await one?.exited;
    }
    this.announce(undefined);
  }

  /** How the present process ends by itself. */
  get exited(): Promise<number | NodeJS.Signals> {
    return this.current?.exited ?? Promise.reject(new Error('there is no process'));
  }

  private spawn(): ServiceProcess {
    const flags = ['--disable-warning=ExperimentalWarning', program];
    const env = { ...process.env, NODE_COMPILE_CACHE: compiled, ...this.environment };
    return new ServiceProcess(spawn(process.execPath, flags, { env, stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  private announce(url: string | undefined): void {
    this.address = url;
    this.wake();
    this.changed = this.change();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
