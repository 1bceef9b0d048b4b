import type pg from 'pg';
import type { TenantId } from '../../domain/values.js';
import { inTransaction } from '../transaction.js';
import { lockTables } from './ensure-tables.js';
import { hideOne, type Personal } from './purged-subjects.js';

type Declaration = { model: string; personal: Personal };

/**
 * Empties the personal columns of a person in every read model there is: of this version and others, serving and being built. Call it
 * once the person's keys are destroyed: pages that were read before are void then, and read again.
 */
export class ReadModelPurge {
  constructor(private readonly pool: pg.Pool) {}

  /** The number of rows emptied; again is harmless. */
  async purge(tenant: TenantId, subject: string): Promise<number> {
    await this.pool.query('INSERT INTO projection_purges (tenant, subject) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      tenant,
      subject,
    ]);
    return inTransaction(this.pool, async (client) => {
      await lockTables(client);
      const { rows } = await client.query<Declaration>(
        'SELECT model, personal FROM projection_checkpoints WHERE personal IS NOT NULL ORDER BY model',
      );
      let emptied = 0;
      for (const declaration of rows) emptied += await purgeOne(client, declaration, tenant, subject);
      return emptied;
    });
  }
}

/** The checkpoint goes first: it waits for the page being written, and fences off those in memory. */
async function purgeOne(
  client: pg.ClientBase,
  { model, personal }: Declaration,
  tenant: TenantId,
  subject: string,
): Promise<number> {
  await client.query('UPDATE projection_checkpoints SET generation = generation + 1 WHERE model = $1', [model]);
  const [schema = '', name = ''] = model.split('.');
  return hideOne(client, { schema, name }, personal, tenant, subject);
}
