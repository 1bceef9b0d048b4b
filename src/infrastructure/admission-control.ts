import { HashingBusy } from '../application/ports/password-hasher.js';

/**
 * `concurrency` works run at once and up to `queue` wait their turn, first come first served. Nobody starts after
 * `deadlineMs`, and whoever would wait for half of that is refused on arrival: under a storm the answer is quick,
 * memory stays bounded, and those who were let in are served even if works become twice as slow.
 */
export type AdmissionLimits = Readonly<{ concurrency: number; queue: number; deadlineMs: number }>;

/** For hashes of the default cost: with the queue full the last one waits a second and a half. */
export const hashingLimits = (concurrency: number): AdmissionLimits => ({
  concurrency,
  queue: 32 * concurrency,
  deadlineMs: 10_000,
});

type Waiter = Readonly<{ enter: () => void; refuse: (error: HashingBusy) => void; since: number }>;

export class AdmissionControl {
  private running = 0;
  /** Let in, whether on the way to a work, in it or past it. */
  private coming = 0;
  private readonly waiting: Waiter[] = [];
  /**
   * Milliseconds that one work takes, a moving average that starts with a hash of the default cost on a busy machine.
   */
  private duration = 200;

  /** `now` counts milliseconds from any origin and never goes back. */
  constructor(
    private readonly limits: AdmissionLimits,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws HashingBusy, having run nothing */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    const startedAt = this.now();
    try {
      return await work();
    } finally {
      this.leave(this.now() - startedAt);
    }
  }

  /** What comes to a work on its way: no more of it is let in than works may run and wait. @throws HashingBusy, having begun nothing */
  async admit<T>(way: () => Promise<T>): Promise<T> {
    if (this.coming >= this.limits.concurrency + this.limits.queue) throw this.busy();
    this.requireRoom();
    this.coming += 1;
    try {
      return await way();
    } finally {
      this.coming -= 1;
    }
  }

  load(): Readonly<{ running: number; waiting: number }> {
    return { running: this.running, waiting: this.waiting.length };
  }

  private requireRoom(): void {
    if (this.running < this.limits.concurrency) return;
    if (this.waiting.length >= this.limits.queue || 2 * this.expectedWait() > this.limits.deadlineMs) throw this.busy();
  }

  private async enter(): Promise<void> {
    if (this.running < this.limits.concurrency) {
      this.running += 1;
      return;
    }
    this.requireRoom();
    await new Promise<void>((enter, refuse) => this.waiting.push({ enter, refuse, since: this.now() }));
  }

  /** Hands the place over, past those whose time ran out because works took longer than they used to. */
  private leave(took: number): void {
    this.duration += (took - this.duration) / 8;
    let next = this.waiting.shift();
    while (next && this.now() - next.since > this.limits.deadlineMs) {
      next.refuse(this.busy());
      next = this.waiting.shift();
    }
    if (next) next.enter();
    else this.running -= 1;
  }

  private expectedWait(): number {
    return (Math.floor(this.waiting.length / this.limits.concurrency) + 1) * this.duration;
  }

  private busy(): HashingBusy {
    return new HashingBusy(Math.max(1, Math.ceil(this.expectedWait() / 1000)));
  }
}
