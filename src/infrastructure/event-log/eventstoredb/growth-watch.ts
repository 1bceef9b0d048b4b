import { END, type EventStoreDBClient, excludeSystemEvents } from '@eventstore/db-client';
import { reasonOf } from './outcome.js';
import type { Patience } from './patience.js';

/**
 * One subscription to everything new, shared by all listeners. It only announces: nobody's progress hangs on it, so its checkpoints,
 * which overtake the events before them, are not used at all.
 */
export class GrowthWatch {
  private readonly listeners = new Set<() => void>();
  private following: AbortController | undefined;
  private announced = false;

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly patience: Patience,
    private readonly log: (message: string) => void,
  ) {}

  listen(listener: () => void): () => void {
    // A function of its own, so that the same listener may be given twice.
    const own = (): void => listener();
    this.listeners.add(own);
    this.follow();

    return () => {
      this.listeners.delete(own);
      if (this.listeners.size === 0) this.stop();
    };
  }

  /** Tells every listener soon; whatever happens until then is the same announcement. */
  announce(): void {
    if (this.announced) return;
    this.announced = true;
    setImmediate(() => {
      this.announced = false;
      for (const listener of this.listeners) listener();
    });
  }

  stop(): void {
    this.following?.abort();
    this.following = undefined;
  }

  private follow(): void {
    if (this.following !== undefined) return;
    this.following = new AbortController();
    void this.repeat(this.following.signal);
  }

  /** Subscriptions never reconnect themselves. The end of one is as good a reason to subscribe again as an error. */
  private async repeat(stopped: AbortSignal): Promise<void> {
    for (let failures = 0; !stopped.aborted; failures += 1) {
      const confirmed = await this.subscribe(stopped, failures === 0);
      if (confirmed) failures = 0;
      if (!stopped.aborted) await this.patience.pause(failures);
    }
  }

  /** Announces until the subscription ends. True when the server had confirmed it. */
  private async subscribe(stopped: AbortSignal, first: boolean): Promise<boolean> {
    const filter = excludeSystemEvents({ checkpointInterval: 1_000 });
    const subscription = this.client.subscribeToAll({ fromPosition: END, filter, requiresLeader: true });
    let confirmed = false;
    await new Promise<void>((end) => {
      const over = (): void => {
        stopped.removeEventListener('abort', over);
        end();
      };
      stopped.addEventListener('abort', over);
      subscription.on('end', over);
      subscription.on('error', (error: Error) => {
        if (confirmed || first) this.log(`EventStoreDB: the subscription broke: ${reasonOf(error)}`);
        over();
      });
      subscription.on('data', () => this.announce());
      subscription.on('confirmation', () => {
        confirmed = true;
        // For what was written while nobody followed.
        this.announce();
      });
    });
    // Otherwise the server goes on sending to nobody.
    subscription.unsubscribe().catch(() => undefined);
    return confirmed;
  }
}
