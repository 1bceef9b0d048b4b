import type { AllFilter, AllPage, Position } from '../../application/ports/event-log.js';
import type { PageSource } from './follower.js';

type Ahead = Readonly<{ after: Position; max: number; filter: AllFilter | undefined; page: Promise<AllPage> }>;

/**
 * Reads the next page while the last one is written. One page at most waits, it is handed on once, and whoever asks for another page than
 * the next gets a fresh one: so what was read before an erasure never outlives the page that the erasure refuses.
 */
export class ReadAhead implements PageSource {
  private ahead: Ahead | undefined;

  constructor(private readonly source: PageSource) {}

  async readAll(after: Position | undefined, max: number, filter?: AllFilter): Promise<AllPage> {
    const { ahead } = this;
    this.ahead = undefined;
    const isNext = ahead !== undefined && ahead.after === after && ahead.max === max && ahead.filter === filter;
    const page = await (isNext ? ahead.page : this.source.readAll(after, max, filter));
    if (!page.atHead) this.begin(page.upTo, max, filter);
    return page;
  }

  private begin(after: Position, max: number, filter: AllFilter | undefined): void {
    const page = this.source.readAll(after, max, filter);
    // Whoever asks for it is told; nobody may ask.
    page.catch(() => undefined);
    this.ahead = { after, max, filter, page };
  }
}
