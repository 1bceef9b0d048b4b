import type { Position } from './event-log.js';

/** `not-yet`: the wait was given up, a later try may succeed. `foreign-epoch`: the position is of a log that was restored or copied since. */
export type Visibility = 'visible' | 'not-yet' | 'foreign-epoch';

/** Lets a query see what its caller has been told was done. */
export abstract class Freshness {
  /** Waits, bounded, until every named read model (name without version) has reached `position`. Malformed positions are foreign. */
  abstract waitFor(position: Position, readModels: readonly string[]): Promise<Visibility>;
}
