import { instant, type Instant, plusSeconds } from '../../src/domain/values.js';

/** When stories begin. */
export const start: Instant = instant(Date.UTC(2026, 2, 1, 9));

/** So many seconds after the beginning. */
export const after = (seconds: number): Instant => plusSeconds(start, seconds);

export const minute = 60;
export const hour = 60 * minute;
export const day = 24 * hour;
