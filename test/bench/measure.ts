import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

/** One line of the report. `ratio` is against the baseline measured in the same run. */
export type Figure = Readonly<{
  what: string;
  measured: string;
  baseline: string;
  ratio: number | undefined;
  target: string;
}>;

export type Load = Readonly<{
  url: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent in turn. */
  bodies?: readonly string[];
  connections: number;
  seconds: number;
}>;

export type LoadResult = Readonly<{ perSecond: number; count: number; p50: number; p99: number; failures: number }>;

const autocannon = createRequire(import.meta.url).resolve('autocannon');

/** Runs in a process of its own, so that making requests does not slow the service that answers them. */
const driver = `
const autocannon = require(process.argv[1]);
const { url, method, headers, bodies, connections, seconds } = JSON.parse(process.argv[2]);
const requests = bodies ? bodies.map((body) => ({ method, headers, body })) : undefined;
autocannon({ url, method, headers, requests, connections, duration: seconds }, (error, result) => {
  if (error) throw error;
  console.log(JSON.stringify({
    perSecond: result['2xx'] / result.duration,
    count: result['2xx'],
    p50: result.latency.p50,
    p99: result.latency.p99,
    failures: result.non2xx + result.errors + result.timeouts,
  }));
});`;

export function load(options: Load): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', driver, autocannon, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('exit', () => resolve(JSON.parse(output) as LoadResult));
  });
}

/** Operations per second of `work` with `parallel` at a time. */
export async function rate(seconds: number, parallel: number, work: () => Promise<unknown>): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  const started = performance.now();
  let count = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      await work();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return count / ((performance.now() - started) / 1_000);
}

export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`;
export const milliseconds = (value: number): string => `${Math.round(value)} ms`;
