import type pg from 'pg';
import { type Checkpoint, readCheckpoint } from './checkpoints.js';
import { type ModelTable, qualified, quoted } from './model-table.js';
import type { ReadModel } from './read-model-catalog.js';

/** A row reduced to its key (a JSON array of text) and a digest of all columns. */
export type Digest = Readonly<{
  key: string;
  digest: string;
  /** Of the stream behind an inline row; null elsewhere. */
  revision: number | null;
}>;

const revisions = { inline: 't.revision', asynchronous: 'NULL::integer' } as const;

/** Rows per fetch. */
const fetchSize = 5_000;

/** One consistent view of the database for as long as it is open. */
export class Snapshot {
  private constructor(private readonly client: pg.PoolClient) {}

  static async open(pool: pg.Pool): Promise<Snapshot> {
    const client = await pool.connect();
    await client.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0;
       SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL TimeZone = 'UTC'`,
    );
    return new Snapshot(client);
  }

  checkpoint(model: string): Promise<Checkpoint | undefined> {
    return readCheckpoint(this.client, model);
  }

  /** Every row, ordered by the bytes of its key. One at a time. */
  async *digests(table: ModelTable, kind: ReadModel['kind']): AsyncGenerator<Digest> {
    const key = `json_build_array(${table.key.map((column) => `t.${quoted(column)}::text`).join(', ')})::text`;
    await this.client.query(
      `DECLARE digests NO SCROLL CURSOR FOR
       SELECT ${key} AS key, md5(t::text) AS digest, ${revisions[kind]} AS revision FROM ${qualified(table)} t ORDER BY ${key} COLLATE "C"`,
    );
    for (;;) {
      const { rows } = await this.client.query<Digest>(`FETCH ${fetchSize} FROM digests`);
      yield* rows;
      if (rows.length < fetchSize) break;
    }
    await this.client.query('CLOSE digests');
  }

  async close(): Promise<void> {
    this.client.release(true);
  }
}
