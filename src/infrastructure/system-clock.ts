import { Clock } from '../application/ports/clock.js';
import { type Instant, instant } from '../domain/values.js';

export class SystemClock extends Clock {
  now(): Instant {
    return instant(Date.now());
  }
}
