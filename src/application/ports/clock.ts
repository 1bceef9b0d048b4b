import type { Instant } from '../../domain/values.js';

export abstract class Clock {
  abstract now(): Instant;
}
