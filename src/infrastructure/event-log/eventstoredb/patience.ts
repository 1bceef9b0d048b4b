import { setTimeout as sleep } from 'node:timers/promises';
import { LogUnavailable } from '../../../application/ports/event-log.js';
import { type Outcome, outcomeOf, reasonOf } from './outcome.js';
import type { Timings } from './timings.js';

/** Repeats calls until their outcome is known, with pauses, for a bounded time. */
export class Patience {
  constructor(
    readonly timings: Timings,
    private readonly stopped: AbortSignal,
  ) {}

  /**
   * Runs `attempt` until it answers or fails for good.
   * @throws LogUnavailable when no outcome was learned in time, or a refusal came after an attempt of unknown outcome
   */
  async untilKnown<T>(
    what: string,
    attempt: () => Promise<T>,
    judge: (error: unknown) => Outcome = outcomeOf,
  ): Promise<T> {
    const until = performance.now() + this.timings.operation;
    for (let failures = 0; ; failures += 1) {
      try {
        return await attempt();
      } catch (error) {
        const outcome = judge(error);
        if (outcome !== 'unknown' && (outcome !== 'refused' || failures === 0)) throw error;

        await this.pause(failures, until - performance.now());
        if (outcome === 'refused' || this.stopped.aborted || performance.now() >= until) {
          throw new LogUnavailable(`${what}: ${reasonOf(error)}`, { cause: error });
        }
      }
    }
  }

  /**
   * Half of the pause and a random part of the other half, so that instances do not come back at once. Stopping ends
   * it.
   */
  async pause(failures: number, longest = Number.POSITIVE_INFINITY): Promise<void> {
    const { pause, longestPause } = this.timings;
    const whole = Math.max(0, Math.min(pause * 2 ** Math.min(failures, 16), longestPause, longest));
    await sleep(whole / 2 + (Math.random() * whole) / 2, undefined, { signal: this.stopped }).catch(() => undefined);
  }

  /** The client's own deadlines cover neither discovery nor reads. What answers later was an unknown outcome. */
  async inTime<T>(call: Promise<T>, limit = this.timings.call): Promise<T> {
    const timer = new Watchdog(limit);
    try {
      return await Promise.race([call, timer.late]);
    } finally {
      timer.stop();
      call.catch(() => undefined);
    }
  }
}

/** Rejects `late` when nothing happened for a while. */
export class Watchdog {
  readonly late: Promise<never>;
  private readonly timer: NodeJS.Timeout;

  constructor(limit: number) {
    let bite = (): void => undefined;
    this.late = new Promise<never>((_, reject) => {
      bite = () => reject(new Error(`no answer within ${limit} ms`));
    });
    this.late.catch(() => undefined);
    this.timer = setTimeout(bite, limit);
  }

  /** Something happened: the time starts again. */
  touch(): void {
    this.timer.refresh();
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
