import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Served, Usage } from './served.js';

/** One line of the report. `ratio` is against the baseline measured in the same run. */
export type Figure = Readonly<{
  what: string;
  measured: string;
  baseline: string;
  ratio: number | undefined;
  target: string;
}>;

/** What a part of the benchmark answers, and how it is called on the command line. */
export type Part = Readonly<{ name: string; about: string; run: (tell: Tell) => Promise<readonly Figure[]> }>;
export type Tell = (progress: string) => void;

export type Load = Readonly<{
  url: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  /** Sent in turn by every connection. */
  bodies?: readonly string[];
  /** Each body is sent once by any connection, and what the answer holds under that name, if anything, is sent in its place. */
  traded?: string;
  connections: number;
  seconds: number;
  /** Ends after so many requests instead. */
  amount?: number;
}>;

export type LoadResult = Readonly<{ perSecond: number; count: number; p50: number; p99: number; failures: number }>;
/** With what the process that answered used: processor time per request, in microseconds. */
export type Cost = LoadResult & Readonly<{ micros: number }>;

const autocannon = createRequire(import.meta.url).resolve('autocannon');

/** Runs in a process of its own, so that making requests does not slow the service that answers them. */
const driver = `
const autocannon = require(process.argv[1]);
const { url, method, headers, bodies, traded, connections, seconds, amount } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const trading = {
  method, headers,
  setupRequest: (request) => ({ ...request, body: bodies.shift() }),
  onResponse: (status, body) => {
    const next = status === 200 ? JSON.parse(body)[traded] : undefined;
    if (next !== undefined) bodies.push(JSON.stringify({ [traded]: next }));
  },
};
const requests = traded ? [trading] : bodies ? bodies.map((body) => ({ method, headers, body })) : undefined;
const started = performance.now();
autocannon({ url, method, headers, requests, connections, ...(amount ? { amount } : { duration: seconds }) }, (error, result) => {
  if (error) throw error;
  const elapsed = (performance.now() - started) / 1_000;
  console.log(JSON.stringify({
    perSecond: result['2xx'] / (amount ? elapsed : result.duration),
    count: result['2xx'],
    p50: result.latency.p50,
    p99: result.latency.p99,
    failures: result.non2xx + result.errors + result.timeouts,
  }));
});`;

export function load(options: Load): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', driver, autocannon], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(JSON.stringify(options));
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(JSON.parse(output) as LoadResult);
      else reject(new Error(`the driver of the load ended with ${code}`));
    });
  });
}

export async function loadOf(served: Served, options: Load): Promise<Cost> {
  const before = await served.usage();
  const result = await load(options);
  return { ...result, micros: microsOf(before, await served.usage(), result.count) };
}

const microsOf = (before: Usage, after: Usage, count: number): number =>
  ((after.cpuSeconds - before.cpuSeconds) * 1_000_000) / Math.max(1, count);

/** Measures each in turns, so that whatever else the machine does meets them all; the median of each by `micros` and by rate. */
export async function inTurns<Name extends string>(
  rounds: number,
  measurements: Readonly<Record<Name, () => Promise<Cost>>>,
): Promise<Readonly<Record<Name, Cost>>> {
  const names = Object.keys(measurements) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, [] as Cost[]])) as Record<Name, Cost[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) taken[name].push(await measurements[name]());
  }
  return Object.fromEntries(names.map((name) => [name, medians(taken[name])])) as Record<Name, Cost>;
}

function medians(costs: readonly Cost[]): Cost {
  const of = (pick: (cost: Cost) => number): number => median(costs.map(pick));
  return {
    perSecond: of(({ perSecond }) => perSecond),
    count: of(({ count }) => count),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    micros: of(({ micros }) => micros),
    failures: costs.reduce((sum, { failures }) => sum + failures, 0),
  };
}

export const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;

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
export const micros = (value: number): string => `${Math.round(value)} µs of processor`;
/** Rate and processor time. */
export const cost = (one: Cost): string => `${perSecond(one.perSecond)}, ${micros(one.micros)}`;
