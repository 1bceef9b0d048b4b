import type pg from 'pg';
import { OutdatedInstance } from './outdated-instance.js';

/**
 * Names the versions of the event catalogue and of the inline models under which the log is written. Every append checks that it still
 * names what the instance was started with.
 */
export class ControlRow {
  constructor(
    private readonly pool: pg.Pool,
    readonly fingerprint: string,
  ) {}

  /** The first instance of a log writes its own. */
  async claim(): Promise<void> {
    await this.pool.query('insert into control (fingerprint) values ($1) on conflict (one) do nothing', [
      this.fingerprint,
    ]);
  }

  /** The fingerprint that the log is written under now; undefined before the first instance started. */
  async active(): Promise<string | undefined> {
    const { rows } = await this.pool.query<{ fingerprint: string }>('select fingerprint from control');

    return rows[0]?.fingerprint;
  }

  /**
   * Makes this instance's versions the active ones; from then on instances of `from` append nothing. `tail` runs in the same transaction
   * while nobody appends on PostgreSQL, so it has to be short: two seconds after which everything is rolled back.
   * @throws OutdatedInstance when the log is written neither as `from` nor as this instance writes
   */
  async advance(from: string, tail: (client: pg.PoolClient) => Promise<void> = nothing): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('begin isolation level read committed');
      await client.query("set local lock_timeout = '2s'; set local idle_in_transaction_session_timeout = '2s'");
      await client.query("set local statement_timeout = '2s'");
      await client.query('select epoch from log_head for update');
      await tail(client);
      const { rowCount } = await client.query(
        'update control set fingerprint = $1, since = clock_timestamp() where fingerprint in ($1, $2)',
        [this.fingerprint, from],
      );
      if (rowCount !== 1) throw new OutdatedInstance(`the log is not written as ${from} any more`);
      await client.query('commit');
      client.release();
    } catch (error) {
      // Ending the connection rolls back, also when it hangs.
      client.release(true);
      throw error;
    }
  }
}

const nothing = async (): Promise<void> => undefined;
