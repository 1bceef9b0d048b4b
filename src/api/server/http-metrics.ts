import { Counter, collectDefaultMetrics, Histogram, type Registry } from 'prom-client';

/** Seconds. */
const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** One finished request. `route` is the id of a row, or `none`: paths as sent would be labels without end. */
export type Observed = Readonly<{ route: string; method: string; status: number; seconds: number }>;

/** Prometheus metrics of the process and of HTTP, in a registry that other parts add theirs to. */
export class HttpMetrics {
  private readonly durations: Histogram;
  private readonly problems: Counter;

  constructor(readonly registry: Registry) {
    this.durations = new Histogram({
      name: 'annal_http_request_duration_seconds',
      help: 'Time from the request line to the end of the answer.',
      labelNames: ['route', 'method', 'status'],
      buckets,
      registers: [registry],
    });
    this.problems = new Counter({
      name: 'annal_http_problems_total',
      help: 'Answers that were a problem, by its code.',
      labelNames: ['route', 'code'],
      registers: [registry],
    });
  }

  /** CPU, memory, event-loop lag, garbage collection; once per process. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  observe({ route, method, status, seconds }: Observed): void {
    this.durations.observe({ route, method, status: String(status) }, seconds);
  }

  problem(route: string, code: string): void {
    this.problems.inc({ route, code });
  }

  /** The text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
