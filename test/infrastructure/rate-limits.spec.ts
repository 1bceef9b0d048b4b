import { expect } from 'chai';
import pg from 'pg';
import { RateLimitsUnavailable } from '../../src/application/ports/rate-limits.js';
import type { TenantId } from '../../src/domain/values.js';
import { Database } from '../../src/infrastructure/database.js';
import { rateLimits as migration } from '../../src/infrastructure/migrations/0005-rate-limits.js';
import { migrate } from '../../src/infrastructure/migrations/migrate.js';
import { type Budgets, defaultBudgets, FlexibleRateLimits } from '../../src/infrastructure/rate-limits.js';
import { MemoryVault } from '../support/memory-vault.js';
import { freshDatabase, type TestDatabase } from '../support/test-database.js';

const owner = '0199a000-0000-7000-8000-000000000000' as TenantId;
const budgets: Budgets = { ...defaultBudgets, default: { points: 2, seconds: 600 }, mail: { points: 3, seconds: 600 } };

describe('rate limits', () => {
  let test: TestDatabase;
  let database: Database;
  let pool: pg.Pool;
  const vault = new MemoryVault();
  const limits = () => new FlexibleRateLimits(pool, vault, owner, budgets);

  before(async () => {
    test = await freshDatabase();
    database = new Database(test.config);
    await migrate(database, [migration]);
    pool = database.pool;
    await vault.createTenant(owner);
  });
  after(async () => {
    await database.close();
    await test.drop();
  });

  it('counts a shared budget over all instances, and says what is left of it', async () => {
    const [one, two] = [limits(), limits()];
    const verdicts = [await one.consume('mail', 'a'), await two.consume('mail', 'a'), await one.consume('mail', 'a')];
    expect(verdicts.map(({ allowed, remaining }) => [allowed, remaining])).to.deep.equal([
      [true, 2],
      [true, 1],
      [true, 0],
    ]);
    const refused = await two.consume('mail', 'a');
    expect(refused).to.include({ allowed: false, limit: 3, remaining: 0, windowSeconds: 600 });
    expect(refused.resetSeconds).to.be.within(1, 600);
    expect((await two.consume('mail', 'b')).allowed).to.equal(true);
  });

  it('never lets more through than the budget, however many come at once', async () => {
    const [one, two] = [limits(), limits()];
    const verdicts = await Promise.all(
      Array.from({ length: 40 }, (_, index) => (index % 2 ? one : two).consume('mail', 'burst')),
    );
    expect(verdicts.filter(({ allowed }) => allowed)).to.have.length(3);
  });

  it('counts an own budget in each process, without a database', async () => {
    const nowhere = new pg.Pool({ host: '127.0.0.1', port: 1 });
    const own = new FlexibleRateLimits(nowhere, vault, owner, budgets);
    const verdicts = [
      await own.consume('default', 'a'),
      await own.consume('default', 'a'),
      await own.consume('default', 'a'),
    ];
    expect(verdicts.map(({ allowed }) => allowed)).to.deep.equal([true, true, false]);
    await nowhere.end();
  });

  it('fails closed: without its store a shared limiter lets nobody through', async () => {
    const nowhere = new pg.Pool({ host: '127.0.0.1', port: 1 });
    const broken = new FlexibleRateLimits(nowhere, vault, owner, budgets);
    const failure = await broken.consume('sign-in', 'a').then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(RateLimitsUnavailable);
    await nowhere.end();
  });

  it('stores no address', async () => {
    await limits().consume('sign-in', 'tenant|192.0.2.77');
    const { rows } = await pool.query<{ key: string }>('select key from rate_limits');
    expect(rows.length).to.be.greaterThan(0);
    for (const { key } of rows) expect(key).to.match(/^[a-z-]+:[A-Za-z0-9_-]{43}$/);
  });
});
