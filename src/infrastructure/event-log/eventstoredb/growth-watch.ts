import { END, type EventStoreDBClient, excludeSystemEvents } from '@eventstore/db-client';
import { reasonOf } from './outcome.js';
import type { Patience } from './patience.js';

/**
 * Milliseconds between announcements of nothing in particular: a node that was cut off sends nothing and breaks
 * nothing.
 */
const heartbeat = 5_000;

/**
 * One subscription to everything new, shared by all listeners. It only announces: nobody's progress hangs on it, so its
 * checkpoints, which overtake the events before them, are not used at all.
 */
export class GrowthWatch {
  private readonly listeners = new Set<() => void>();
  private following: AbortController | undefined;
  private announced = false;
  private heartbeat: NodeJS.Timeout | undefined;
  private source: Readonly<{ client: EventStoreDBClient; patience: Patience }> | undefined;

  /** @param reconnected called whenever something may have been missed, before it is announced */
  constructor(
    private readonly log: (message: string) => void,
    private readonly reconnected: () => Promise<void>,
  ) {}

  /** Before it, listeners only wait. */
  start(client: EventStoreDBClient, patience: Patience): void {
    this.source = { client, patience };
    this.follow();
  }

  stop(): void {
    this.rest();
    this.source = undefined;
    this.listeners.clear();
  }

  listen(listener: () => void): () => void {
    // A function of its own, so that the same listener may be given twice.
    const own = (): void => listener();
    this.listeners.add(own);
    this.follow();

    return () => {
      this.listeners.delete(own);
      if (this.listeners.size === 0) this.rest();
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

  private rest(): void {
    clearInterval(this.heartbeat);
    this.following?.abort();
    this.following = undefined;
  }

  private follow(): void {
    if (this.source === undefined || this.following !== undefined || this.listeners.size === 0) return;
    this.following = new AbortController();
    this.heartbeat = setInterval(() => this.announce(), heartbeat).unref();
    void this.repeat(this.source.client, this.source.patience, this.following.signal);
  }

  /** Subscriptions never reconnect themselves. The end of one is as good a reason to subscribe again as an error. */
  private async repeat(client: EventStoreDBClient, patience: Patience, stopped: AbortSignal): Promise<void> {
    for (let failures = 0; !stopped.aborted; failures += 1) {
      const confirmed = await this.subscribe(client, stopped, failures === 0);
      if (confirmed) failures = 0;
      await patience.pause(failures);
    }
  }

  /** Announces until the subscription ends. True when the server had confirmed it. */
  private async subscribe(client: EventStoreDBClient, stopped: AbortSignal, first: boolean): Promise<boolean> {
    const filter = excludeSystemEvents({ checkpointInterval: 1_000 });
    const subscription = client.subscribeToAll({ fromPosition: END, filter, requiresLeader: true });
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
        this.reconnected()
          .catch((error: unknown) => this.log(`EventStoreDB: after a reconnection: ${reasonOf(error)}`))
          .finally(() => this.announce());
      });
    });
    // Otherwise the server goes on sending to nobody.
    subscription.unsubscribe().catch(() => undefined);
    return confirmed;
  }
}
