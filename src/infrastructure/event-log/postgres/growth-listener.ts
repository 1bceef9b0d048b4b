import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { connectionConfig } from '../../database.js';

/** Milliseconds: how often a silent connection is asked whether it still lives, and how long it may think about it. */
const heartbeat = { interval: 5_000, answer: 2_000 };
const longestPause = 2_000;

/**
 * Hears of appends by any process: one connection of its own that listens, is looked after and is replaced when it breaks. After each
 * (re)connection and with every heartbeat it also tells the log's epoch, and announces because something may have been missed.
 */
export class GrowthListener {
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly config: pg.ClientConfig,
    private readonly announce: () => void,
    /** Process id on the server whose notifications are left out: whoever appends there announces by itself. */
    private readonly own: () => number,
    private readonly learnEpoch: (epoch: string) => void,
  ) {}

  /** Resolves when it listens. @throws when the first connection fails */
  async start(): Promise<void> {
    await this.listen();
    this.timer = setInterval(() => void this.beat(), heartbeat.interval);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    const { client } = this;
    this.client = undefined;
    await client?.end();
  }

  private async listen(): Promise<void> {
    const client = new pg.Client({ ...connectionConfig(this.config, 'growth'), query_timeout: heartbeat.answer });
    try {
      client.on('error', () => this.lose(client));
      client.on('end', () => this.lose(client));
      client.on('notification', ({ processId }) => this.hear(processId));
      await client.connect();
      await client.query('listen annal_log');
      await this.look(client);
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
    if (this.stopped) return client.end();
    this.client = client;
  }

  private hear(processId: number): void {
    if (processId !== this.own()) this.announce();
  }

  private async look(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ epoch: string }>('select epoch from log_head');
    for (const { epoch } of rows) this.learnEpoch(epoch);
    this.announce();
  }

  private async beat(): Promise<void> {
    const { client } = this;
    if (client === undefined) return;
    try {
      await this.look(client);
    } catch {
      this.lose(client);
    }
  }

  private lose(client: pg.Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    client.end().catch(() => undefined);
    void this.reconnect();
  }

  private async reconnect(): Promise<void> {
    for (let pause = 50; !this.stopped && this.client === undefined; pause = Math.min(pause * 2, longestPause)) {
      await delay(pause, undefined, { ref: false });
      await this.listen().catch(() => undefined);
    }
  }
}
