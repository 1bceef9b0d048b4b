import type pg from 'pg';
import type { InlineRow } from '../../src/application/ports/event-log.js';
import { logEngineContract } from '../contracts/log-engine.js';
import { MemoryLogEngine } from './memory-log-engine.js';
import { migratedDatabase } from './vault-fixtures.js';

async function write(pool: pg.Pool, { table, columns, ...row }: InlineRow): Promise<void> {
  const values = { ...row, ...columns };
  const names = Object.keys(values);
  await pool.query(
    `insert into ${table} (${names.join()}) values (${names.map((_, index) => `$${index + 1}`).join()})
     on conflict (key) do update set ${names.map((name) => `${name} = excluded.${name}`).join()}
      where ${table}.revision < excluded.revision`,
    Object.values(values),
  );
}

// Specs that run on the engine in memory are worth something only if it behaves as the real ones do.
logEngineContract('memory', async () => {
  const { database, close } = await migratedDatabase();
  const { pool } = database;
  const engine = new MemoryLogEngine('memory', async (rows) => {
    for (const row of rows) await write(pool, row);
  });
  return { engine, pool, another: async () => engine, close };
});
