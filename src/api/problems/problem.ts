import type { FieldError } from '../../application/command-rejected.js';
import type { ProblemCode } from '../problems.js';

export type { FieldError };

export type ProblemOptions = Readonly<{
  /** For the developer of the caller: what to do about this occurrence. Never holds what the request carried. */
  detail?: string;
  errors?: readonly FieldError[];
  headers?: Readonly<Record<string, string>>;
  /** Seconds. */
  retryAfter?: number;
  /** For the operator; goes to the log only. */
  cause?: unknown;
}>;

/** A request that fails, by its row in the table of problems. */
export class Problem extends Error {
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    options: ProblemOptions = {},
  ) {
    super(code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.detail = options.detail;
    this.errors = options.errors ?? [];
    this.headers = {
      ...options.headers,
      ...(options.retryAfter === undefined
        ? {}
        : { 'Retry-After': String(Math.max(1, Math.ceil(options.retryAfter))) }),
    };
  }
}
