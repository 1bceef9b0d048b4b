import { ConflictPause } from '../application/ports/conflict-pause.js';
import type { Entropy } from '../application/ports/entropy.js';

/** Milliseconds: about what an append takes, and the longest that a command rests. */
const shortest = 4;
const longest = 128;
const drawnBytes = 4;
const drawnBelow = 2 ** (8 * drawnBytes);

const rest = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * The first conflict is mostly the only one: the next attempt follows at once. After further ones any time up to a bound that doubles, so
 * that instances which met once do not meet again.
 */
export class RandomConflictPause extends ConflictPause {
  constructor(
    private readonly entropy: Entropy,
    private readonly wait: (milliseconds: number) => Promise<void> = rest,
  ) {
    super();
  }

  async after(conflicts: number): Promise<void> {
    if (conflicts < 2) return;
    const bound = Math.min(longest, shortest * 2 ** (conflicts - 2));
    await this.wait(bound * this.drawn());
  }

  /** From 0 to 1, uniformly. */
  private drawn(): number {
    return Buffer.from(this.entropy.bytes(drawnBytes)).readUInt32BE() / drawnBelow;
  }
}
