import type { AllPage, Recorded } from '../../application/ports/event-log.js';
import type { Checkpoint } from './checkpoints.js';
import { isPoison } from './poison.js';

/** How often an event is tried alone before it is given up. */
const tries = 3;

export type Attempt = (from: Checkpoint, page: AllPage) => Promise<Checkpoint>;
/** Moves past an event that cannot be applied; `page` holds nothing else. */
export type GiveUp = (from: Checkpoint, event: Recorded, page: AllPage, error: unknown) => Promise<Checkpoint>;

/**
 * Applies a page; where it fails for what an event holds, its halves one after the other, until the event stands alone. Everything before
 * and after it is applied. @throws what `attempt` throws for other reasons
 */
export async function inHalves(from: Checkpoint, page: AllPage, attempt: Attempt, giveUp: GiveUp): Promise<Checkpoint> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt(from, page);
    } catch (error) {
      const [event, second] = page.events;
      if (!isPoison(error) || event === undefined) throw error;
      if (second !== undefined) return halves(from, page, attempt, giveUp);
      if (count === tries) return giveUp(from, event, page, error);
    }
  }
}

async function halves(from: Checkpoint, page: AllPage, attempt: Attempt, giveUp: GiveUp): Promise<Checkpoint> {
  const middle = page.events.length >> 1;
  const events = page.events.slice(0, middle);
  const first = { events, upTo: events.at(-1)?.position ?? page.upTo, atHead: false };
  const reached = await inHalves(from, first, attempt, giveUp);
  return inHalves(reached, { ...page, events: page.events.slice(middle) }, attempt, giveUp);
}
