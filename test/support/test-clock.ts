import { Clock } from '../../src/application/ports/clock.js';
import { instant, type Instant } from '../../src/domain/values.js';

/** Real time that a spec may move. */
export class TestClock extends Clock {
  private offset = 0;

  now(): Instant {
    return instant(Date.now() + this.offset);
  }

  advance(seconds: number): void {
    this.offset += seconds * 1_000;
  }
}
