import type pg from 'pg';

/** Runs `work` in one transaction of its own connection (READ COMMITTED). Whatever it throws rolls back. */
export function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  return between(pool, 'begin', work);
}

/**
 * The same for rows that move together with their checkpoint and are made again from the log when both are lost: the commit need not
 * wait for the disk. `limits`: further settings of the transaction.
 */
export function inRepeatableWork<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  limits: readonly string[] = [],
): Promise<T> {
  const settings = ['synchronous_commit = off', ...limits].map((setting) => `set local ${setting}`);
  return between(pool, ['begin', ...settings].join('; '), work);
}

async function between<T>(pool: pg.Pool, begin: string, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    // The connection is thrown away, and with it the transaction, whatever state either was in.
    client.release(true);
    throw error;
  }
}
