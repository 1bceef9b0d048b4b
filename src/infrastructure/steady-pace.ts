import { type Beat, Pace } from '../application/ports/pace.js';

/** Milliseconds; several times what a hash and the appends of a registration take. */
const defaultBeat = 250;
/** Nobody waits longer for the sake of others. */
const longestMilliseconds = 5_000;
/** How fast a slow one is forgotten: by half within 34 that were faster. */
const remembered = 0.98;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Beats of a monotonic clock, counted from the beginning of each work. A service under load is slower, so the beat is at least twice as
 * long as the slowest of the recent works of its name: what one of them took is lost in it.
 */
export class SteadyPace extends Pace {
  private readonly slowest = new Map<string, number>();

  constructor(
    private readonly beat = defaultBeat,
    private readonly now: () => number = () => performance.now(),
    private readonly wait: (milliseconds: number) => Promise<void> = pause,
  ) {
    super();
  }

  begin(name: string): Beat {
    const started = this.now();
    return () => {
      const passed = this.now() - started;
      const slowest = Math.max(passed, (this.slowest.get(name) ?? 0) * remembered);
      this.slowest.set(name, slowest);
      const beats = Math.max(1, Math.ceil((2 * slowest) / this.beat));
      return this.wait(Math.max(0, Math.min(beats * this.beat, longestMilliseconds) - passed));
    };
  }
}
