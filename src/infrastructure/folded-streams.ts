import type { EventLog, StreamName } from '../application/ports/event-log.js';
import { type StreamState, StreamStates } from '../application/ports/stream-states.js';
import { type Cases, fold, type Message } from '../domain/decider.js';

/** What folding needs of an aggregate. */
export type Foldable = Readonly<{ initial: unknown; evolve: Cases<never, never, unknown> }>;

/** Events per read. */
const pageSize = 200;

/**
 * Folds streams from their first event: no cache and no snapshot stands between, so that what is compared with the result is compared
 * with the log. The casts forget what joins a category's events to its state; `aggregates` is keyed by category.
 */
export class FoldedStreams extends StreamStates {
  constructor(
    private readonly log: Pick<EventLog, 'read'>,
    private readonly aggregates: Readonly<Record<string, Foldable>>,
  ) {
    super();
  }

  override async load(category: string, stream: StreamName): Promise<StreamState> {
    const aggregate = this.aggregates[category];
    if (aggregate === undefined) throw new Error(`no aggregate has the category ${category}`);

    const evolve = aggregate.evolve as Cases<Message, unknown, unknown>;
    let current: StreamState = { state: aggregate.initial, revision: -1 };
    for (;;) {
      const page = await this.log.read(stream, current.revision + 1, pageSize);
      const events = page.map(({ event }) => event);
      current = { state: fold(evolve, current.state, events), revision: page.at(-1)?.revision ?? current.revision };
      if (page.length < pageSize) return current;
    }
  }
}
