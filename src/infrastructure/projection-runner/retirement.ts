import type pg from 'pg';
import { inTransaction } from '../transaction.js';
import { lockTables } from './ensure-tables.js';
import { liveSchema, qualified } from './model-table.js';
import type { ReadModel, ReadModelCatalog } from './read-model-catalog.js';

/** Drops tables of older versions. */
export class Retirement {
  constructor(
    private readonly pool: pg.Pool,
    private readonly catalog: ReadModelCatalog,
  ) {}

  /**
   * Only where this program's version has seen the whole log and no instance leads the old one any more. Inline tables are written by
   * instances that lead nothing: retire them when the control row has moved on. The names of what was dropped.
   */
  retire(kind: ReadModel['kind'] = 'asynchronous'): Promise<readonly string[]> {
    const versions = this.catalog.all
      .filter((model) => model.kind === kind)
      .map(({ shape: { name, version } }) => ({ name, version }));
    return inTransaction(this.pool, async (client) => {
      await lockTables(client);
      const { rows } = await client.query<{ model: string }>(
        `SELECT old.model FROM projection_checkpoints old
           JOIN json_to_recordset($1) AS mine(name text, version integer) ON mine.name = old.name AND mine.version > old.version
           JOIN projection_checkpoints new ON new.name = mine.name AND new.version = mine.version
          WHERE starts_with(old.model, $2) AND starts_with(new.model, $2) AND new.built_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM projection_leases l WHERE l.model = old.model AND l.expires > clock_timestamp())`,
        [JSON.stringify(versions), `${liveSchema}.`],
      );
      for (const { model } of rows) {
        const name = model.slice(liveSchema.length + 1);
        await client.query(`DROP TABLE IF EXISTS ${qualified({ schema: liveSchema, name })}`);
        for (const table of ['projection_checkpoints', 'projection_leases', 'parked_events']) {
          await client.query(`DELETE FROM ${table} WHERE model = $1`, [model]);
        }
      }
      return rows.map((row) => row.model);
    });
  }
}
