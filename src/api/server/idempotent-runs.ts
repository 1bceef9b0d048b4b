import { setTimeout as delay } from 'node:timers/promises';
import type { Idempotency, KeyedRequest } from '../../application/ports/idempotency.js';
import type { OperatorLog } from '../../application/ports/operator-log.js';
import { problemOf } from '../problems/failures.js';
import type { HttpSettings } from './http-settings.js';
import { Problem } from '../problems/problem.js';
import { problemRow } from '../problems.js';
import { type Rendered, renderProblem } from '../answer/rendering.js';

/** Milliseconds between tries to write a record while the database is away; together about as long as a claim is held. */
const pauses: readonly number[] = [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800];

/** Runs a request with an Idempotency-Key at most once, and repeats its outcome, refusals included. */
export class IdempotentRuns {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly log: OperatorLog,
    private readonly settings: HttpSettings,
  ) {}

  /** @throws Problem request-in-progress, idempotency-key-reused, or a failure that a retry may not meet again */
  async once(
    request: KeyedRequest,
    requestId: string,
    run: (commandId: string) => Promise<Rendered>,
  ): Promise<Rendered> {
    const claimed = await this.idempotency.claim(request);
    if (claimed.state === 'running') {
      throw new Problem('request-in-progress', { retryAfter: claimed.retryAfterSeconds });
    }
    if (claimed.state === 'other-content') throw new Problem('idempotency-key-reused');
    if (claimed.state === 'done') return claimed.answer;

    const outcome = await this.outcome(request, requestId, claimed.lease, () => run(claimed.commandId));
    if (typeof outcome.body !== 'string') throw new TypeError('a stream cannot be kept under an Idempotency-Key');
    const { status, headers, body, people = [] } = outcome;
    await this.tidy(requestId, () =>
      this.idempotency.complete(request, claimed.lease, { status, headers, body }, people),
    );
    return outcome;
  }

  private async outcome(
    request: KeyedRequest,
    requestId: string,
    lease: string,
    run: () => Promise<Rendered>,
  ): Promise<Rendered> {
    try {
      return await run();
    } catch (error) {
      const problem = problemOf(error);
      if (problemRow(problem.code).transient === undefined) {
        return renderProblem(problem, this.settings.origin, requestId);
      }
      await this.tidy(requestId, () => this.idempotency.release(request, lease));
      throw error;
    }
  }

  /**
   * What was done stays done when its record cannot be written: the claim lapses, and a retry carries the same command id. So that
   * callers need not wait for that, it is tried again, unawaited.
   */
  private async tidy(requestId: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.log.warn('idempotency-record-failed', { id: requestId }, error);
      void writeLater(write);
    }
  }
}

async function writeLater(write: () => Promise<void>): Promise<void> {
  for (const pause of pauses) {
    await delay(pause, undefined, { ref: false });
    try {
      return await write();
    } catch {
      // The claim lapses anyway.
    }
  }
}
