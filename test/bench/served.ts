import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What a process has used since it started. */
export type Usage = Readonly<{ cpuSeconds: number; residentMiB: number }>;

/** A server in a process of its own that says what it uses at /metrics. */
export class Served {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    /** From the start of the process to the first 200 of the path that tells it is there. */
    readonly startMilliseconds: number,
    /** Processor time until then, where the operating system tells. */
    readonly startProcessorMilliseconds: number | undefined,
  ) {}

  /** `ready` is a path that answers 200 once the server serves. The port is in `ANNAL_PORT`. */
  static async start(
    program: URL,
    argv: readonly string[],
    env: Readonly<Record<string, string>>,
    ready: string,
  ): Promise<Served> {
    const port = await freePort();
    const started = performance.now();
    const child = spawn(process.execPath, [...flags, program.pathname, ...argv], {
      env: { ...inherited(), ...env, ANNAL_PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const kill = (): boolean => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    const url = `http://127.0.0.1:${port}`;
    while (!(await answers(url + ready))) {
      if (child.exitCode !== null) throw new Error(`${program.pathname} ended with ${child.exitCode}`);
      await pause(5);
    }
    return new Served(url, child, performance.now() - started, processorMilliseconds(child.pid));
  }

  async usage(): Promise<Usage> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    return {
      cpuSeconds: value('process_cpu_seconds_total'),
      residentMiB: value('process_resident_memory_bytes') / 2 ** 20,
    };
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** Those of `npm start`; `BENCH_NODE_FLAGS` has others. */
const flags = (process.env['BENCH_NODE_FLAGS'] ?? startScript()).split(' ').filter((word) => word.startsWith('--'));

function startScript(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { scripts: { start: string } }).scripts.start;
}

/** proc(5): fields 14 and 15 of `stat`, in hundredths of a second, counted from behind the name in brackets. */
function processorMilliseconds(pid: number | undefined): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Settings of whoever runs the benchmark are not those of the service. */
const inherited = (): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('ANNAL_') && name !== 'DATABASE_URL'),
  );

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status === 200;
    },
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
