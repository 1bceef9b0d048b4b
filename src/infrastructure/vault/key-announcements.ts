import pg from 'pg';
import { connectionConfig, type Database } from '../database.js';

/** Payload: the name of a data key (`<tenant>|<scope>|<id>`) or a tenant. */
export const vaultChannel = 'annal_vault';
/** Milliseconds before a lost connection is opened again. Meanwhile the cache's time to live bounds what is missed. */
const reconnectDelay = 1_000;

/** Hears which key or tenant was destroyed; undefined stands for "something may have been missed". */
export type DestructionListener = (name: string | undefined) => void;

/** Destroyed keys, told to every instance through the database. */
export class KeyAnnouncements {
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private listener: DestructionListener | undefined;

  constructor(private readonly database: Database) {}

  async start(listener: DestructionListener): Promise<void> {
    this.listener = listener;
    await this.connect();
  }

  async stop(): Promise<void> {
    this.listener = undefined;
    clearTimeout(this.retry);
    const { client } = this;
    this.client = undefined;
    await client?.end();
  }

  private async connect(): Promise<void> {
    const client = new pg.Client(connectionConfig(this.database.config, 'vault'));
    this.client = client;
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ payload }) => this.listener?.(payload));
    await client.connect();
    await client.query(`listen ${vaultChannel}`);
    // What was announced while nobody listened is lost.
    this.listener?.(undefined);
  }

  private lost(client: pg.Client): void {
    if (this.client !== client || this.listener === undefined) return;
    this.client = undefined;
    this.retry = setTimeout(() => {
      this.connect().catch(() => this.client && this.lost(this.client));
    }, reconnectDelay);
    this.retry.unref();
  }
}
