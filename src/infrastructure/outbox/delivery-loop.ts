import type { Delivery } from '../../application/notifications/delivery.js';
import type { Clock } from '../../application/ports/clock.js';
import type { OperatorLog } from '../../application/ports/operator-log.js';
import type { Outbox } from '../../application/ports/outbox.js';
import { milliseconds } from '../../domain/values.js';
import { Growth } from '../projection-runner/growth.js';

/** Milliseconds. */
export type DeliveryPace = Readonly<{
  /** Longest pause, since other instances may have put messages in. */
  poll: number;
  /** Shortest pause, whatever the outbox says. */
  least: number;
  /**
   * How long a stop waits for messages under way before it cuts them off; they are tried again later, under the same
   * id.
   */
  drain: number;
}>;

export const deliveryPace: DeliveryPace = { poll: 5_000, least: 50, drain: 10_000 };

/** Keeps delivering. Every instance with the role may run one: a message is taken by one of them. */
export class DeliveryLoop {
  private readonly wakeUps = new Growth();
  private stopping = new AbortController();
  private cutOff = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly delivery: Delivery,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly log: OperatorLog,
    private readonly pace: DeliveryPace = deliveryPace,
  ) {}

  /** Call when messages have been put into the outbox. */
  readonly wake = (): void => this.wakeUps.announce();

  start(): void {
    this.stopping = new AbortController();
    this.cutOff = new AbortController();
    this.running = this.run(this.stopping.signal, this.cutOff.signal);
  }

  /** Returns when nothing is under way any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const cut = setTimeout(() => this.cutOff.abort(), this.pace.drain);
    await this.running;
    clearTimeout(cut);
  }

  private async run(stop: AbortSignal, cutOff: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const seen = this.wakeUps.seen;
      const pause = await this.round(stop, cutOff);
      await this.wakeUps.since(seen, pause, stop);
    }
  }

  /** Never rejects; returns how long to rest. */
  private async round(stop: AbortSignal, cutOff: AbortSignal): Promise<number> {
    try {
      await this.delivery.deliverDue(stop, cutOff);
      const due = await this.outbox.nextDue();
      if (due === undefined) return this.pace.poll;
      const until = milliseconds(due) - milliseconds(this.clock.now());
      return Math.min(this.pace.poll, Math.max(this.pace.least, until));
    } catch (error) {
      this.log.error('delivery-interrupted', {}, error);
      return this.pace.poll;
    }
  }
}
