import type pg from 'pg';

/** Runs `work` in one transaction of its own connection (READ COMMITTED). Whatever it throws rolls back. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
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
