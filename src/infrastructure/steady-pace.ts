import { type Beat, Pace } from '../application/ports/pace.js';

/** Milliseconds; several times what a hash and the appends of a registration take. */
const defaultBeat = 250;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Beats of a monotonic clock, counted from the beginning of each work: one that takes longer than a beat is answered on the next. */
export class SteadyPace extends Pace {
  constructor(
    private readonly beat = defaultBeat,
    private readonly now: () => number = () => performance.now(),
    private readonly wait: (milliseconds: number) => Promise<void> = pause,
  ) {
    super();
  }

  begin(): Beat {
    const started = this.now();
    return () => {
      const passed = this.now() - started;
      return this.wait(Math.ceil(passed / this.beat) * this.beat - passed);
    };
  }
}
