import pg from 'pg';
import { connectionConfig } from '../../database.js';
import { type BatchAnswer, callAppend } from './append-batch.js';
import { failureOf } from './failures.js';
import { appendSession, callTimeouts } from './sessions.js';

/** The one connection that appends; opened at first use and again after it broke. */
export class AppendConnection {
  private client: pg.Client | undefined;
  private backendId = 0;

  constructor(private readonly config: pg.ClientConfig) {}

  /** Process id of the server's side, by which its notifications can be told from those of others. */
  get backend(): number {
    return this.backendId;
  }

  /** @throws what PostgreSQL answered, or another error when it did not answer; see failures.ts */
  async append(values: readonly (string | Buffer | null)[]): Promise<BatchAnswer> {
    this.client ??= await this.open();
    const { client } = this;
    try {
      const { rows } = await client.query<BatchAnswer>({ name: 'log_append', text: callAppend, values: [...values] });
      const [answer] = rows;
      if (answer === undefined) throw new Error('PostgreSQL answered an append without a row');

      return answer;
    } catch (error) {
      if (failureOf(error) === 'unreachable') this.discard(client);
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.end();
  }

  private async open(): Promise<pg.Client> {
    const client = new pg.Client({ ...connectionConfig(this.config, 'appends'), query_timeout: callTimeouts.client });
    client.on('error', () => this.discard(client));
    try {
      await client.connect();
      await client.query(appendSession);
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      this.backendId = rows[0]?.pid ?? 0;

      return client;
    } catch (error) {
      this.discard(client);
      throw error;
    }
  }

  private discard(client: pg.Client): void {
    if (this.client === client) this.client = undefined;
    // With a call under way this closes the socket without waiting for the server.
    client.end().catch(() => undefined);
  }
}
