import type pg from 'pg';

/** Names the history of the log; made when the log is first used and renewed by whoever restores or copies it. */
export async function readEpoch(pool: pg.Pool): Promise<string> {
  await pool.query("insert into log_epochs (engine) values ('eventstoredb') on conflict (engine) do nothing");
  const { rows } = await pool.query<{ epoch: string }>("select epoch from log_epochs where engine = 'eventstoredb'");
  const [row] = rows;
  if (row === undefined) throw new Error('log_epochs lost its row');

  return row.epoch;
}
