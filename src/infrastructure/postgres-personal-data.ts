import type pg from 'pg';
import type { Outbox } from '../application/ports/outbox.js';
import { PersonalData } from '../application/ports/personal-data.js';
import type { TenantId, UserId } from '../domain/values.js';
import type { PostgresSnapshots } from './postgres-snapshots.js';
import { liveSchema, qualified, quoted } from './projection-runner/model-table.js';

type DeclaredRow = {
  name: string;
  version: number;
  personal: Readonly<{ subject: string; columns: readonly string[] }>;
};

/** Purges what read models declare as personal, snapshots, queued messages and the mailbox for development. */
export class PostgresPersonalData extends PersonalData {
  constructor(
    private readonly pool: pg.Pool,
    private readonly snapshots: PostgresSnapshots,
    private readonly outbox: Pick<Outbox, 'forget'>,
  ) {
    super();
  }

  async purge(tenant: TenantId, subject: UserId): Promise<void> {
    const { rows } = await this.pool.query<DeclaredRow>(
      'SELECT name, version, personal FROM projection_checkpoints WHERE personal IS NOT NULL AND model LIKE $1',
      [`${liveSchema}.%`],
    );
    for (const { name, version, personal } of rows) {
      const table = qualified({ schema: liveSchema, name: `${name}_v${version}` });
      const cleared = personal.columns.map((column) => `${quoted(column)} = NULL`).join(', ');
      await this.pool.query(`UPDATE ${table} SET ${cleared} WHERE tenant = $1 AND ${quoted(personal.subject)} = $2`, [
        tenant,
        subject,
      ]);
    }
    await this.snapshots.purge(tenant, subject);
    await this.outbox.forget(tenant, subject);
  }
}
