import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type pg from 'pg';
import { Clock } from '../../src/application/ports/clock.js';
import { type Instant, instant, type TenantId, type UserId } from '../../src/domain/values.js';
import { Database } from '../../src/infrastructure/database.js';
import { idempotency as migration } from '../../src/infrastructure/migrations/0005-idempotency.js';
import { idempotencyPeople } from '../../src/infrastructure/migrations/0014-idempotency-people.js';
import { migrate } from '../../src/infrastructure/migrations/migrate.js';
import { PostgresIdempotency } from '../../src/infrastructure/postgres-idempotency.js';
import { idempotencyContract } from '../contracts/idempotency.js';
import { MemoryVault } from '../support/memory-vault.js';
import { freshDatabase, type TestDatabase } from '../support/test-database.js';

const tenants = ['0199a000-0000-7000-8000-00000000000a', '0199a000-0000-7000-8000-00000000000b'] as unknown as [
  TenantId,
  TenantId,
];

class SetClock extends Clock {
  at: Instant = instant(0);
  now = () => this.at;
}

describe('idempotent requests in PostgreSQL', () => {
  let test: TestDatabase;
  let database: Database;
  let pool: pg.Pool;
  const clock = new SetClock();
  const vault = new MemoryVault();

  before(async () => {
    test = await freshDatabase();
    database = new Database(test.config);
    await migrate(database, [migration, idempotencyPeople]);
    pool = database.pool;
    for (const tenant of tenants) await vault.createTenant(tenant);
  });
  after(async () => {
    await database.close();
    await test.drop();
  });

  idempotencyContract(async () => {
    await pool.query('truncate idempotency');
    const people = [randomUUID() as string as UserId, randomUUID() as string as UserId] as const;
    for (const id of people) await vault.createKey({ tenant: tenants[0], scope: 'person', id });
    return {
      idempotency: new PostgresIdempotency(pool, vault, clock),
      setTime: (at) => {
        clock.at = at;
      },
      tenants,
      people,
      erase: (id) => vault.destroyKey({ tenant: tenants[0], scope: 'person', id }),
    };
  });

  it('stores neither the request nor the answer in clear', async () => {
    const idempotency = new PostgresIdempotency(pool, vault, clock);
    const request = {
      tenant: tenants[0],
      record: '6b1d7a39-5a4f-5d1e-9b0e-0d7a3f2c1b01',
      content: 'canary-request',
    };
    const claimed = await idempotency.claim(request);
    if (claimed.state !== 'claimed') throw new Error(claimed.state);
    await idempotency.complete(request, claimed.lease, { status: 200, headers: {}, body: 'canary-answer' }, []);
    const { rows } = await pool.query("select encode(content, 'escape') || sealed as stored from idempotency");
    expect(JSON.stringify(rows)).not.to.match(/canary/);
  });
});
