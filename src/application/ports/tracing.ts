import type { LogFields } from './operator-log.js';

/** What a span is told when it has ended, beside how long it took. */
export type SpanEnd = Readonly<{ attributes: LogFields; failed: boolean }>;

/** Spans of work, for whoever follows a request through several services. Attributes are as sparing as log fields. */
export abstract class Tracing {
  /** Runs `work` within a span; `end` says what became of it. `headers` may carry the trace of the caller (W3C Trace Context). */
  abstract span<T>(
    name: string,
    headers: Readonly<Record<string, string | readonly string[] | undefined>>,
    work: () => Promise<T>,
    end: (result: T) => SpanEnd,
  ): Promise<T>;
}

/** Where nobody listens. */
export class NoTracing extends Tracing {
  span<T>(_name: string, _headers: object, work: () => Promise<T>): Promise<T> {
    return work();
  }
}
