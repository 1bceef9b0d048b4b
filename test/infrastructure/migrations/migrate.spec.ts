import { expect } from 'chai';
import type { Knex } from 'knex';
import { Database } from '../../../src/infrastructure/database.js';
import { migrate } from '../../../src/infrastructure/migrations/migrate.js';
import type { Migration } from '../../../src/infrastructure/migrations/migration.js';
import { migrations } from '../../../src/infrastructure/migrations/migrations.js';
import { rejection } from '../../support/rejection.js';
import { freshDatabase, type TestDatabase } from '../../support/test-database.js';

describe('migrations', () => {
  let test: TestDatabase;
  let databases: readonly Database[];
  let database: Database;

  beforeEach(async () => {
    test = await freshDatabase();
    databases = [1, 2, 3].map(() => new Database(test.config));
    [database = new Database(test.config)] = databases;
  });
  afterEach(async () => {
    await Promise.all(databases.map((one) => one.close()));
    await test.drop();
  });

  const table = (name: string): Migration => ({
    name: `0001-${name}`,
    up: (knex: Knex) => knex.schema.createTable(name, (columns) => columns.integer('id')),
  });

  const applied = async (): Promise<readonly string[]> =>
    (await database.knex('migrations').orderBy('id').select('name')).map(({ name }: { name: string }) => name);

  it('run once when several instances start together', async () => {
    await Promise.all(databases.map((one) => migrate(one)));

    expect(await applied()).to.deep.equal(migrations.map(({ name }) => name));
  });

  it('have names in their order, each of its own', () => {
    const names = migrations.map(({ name }) => name);

    expect(names).to.deep.equal([...new Set(names)].sort());
  });

  it('leave nothing behind when one fails, and go on from there', async () => {
    const broken: Migration = {
      name: '0002-broken',
      up: async (knex) => {
        await table('half').up(knex);
        await knex.raw('select 1 / 0');
      },
    };
    const error = await rejection(migrate(database, [table('whole'), broken]));
    const { rows } = await database.pool.query(
      "select to_regclass('whole') is null and to_regclass('half') is null as nothing",
    );

    expect(error.message).to.contain('division by zero');
    expect(rows).to.deep.equal([{ nothing: true }]);
    await migrate(database, [table('whole'), { ...table('half'), name: '0002-broken' }]);
    expect(await applied()).to.deep.equal(['0001-whole', '0002-broken']);
  });

  it('let an older instance start beside a newer one', async () => {
    await migrate(database, [table('whole'), { ...table('more'), name: '0002-more' }]);
    await migrate(database, [table('whole')]);

    expect(await applied()).to.deep.equal(['0001-whole', '0002-more']);
  });

  it('are not held up by an instance that died in the middle', async () => {
    await migrate(database, [table('whole')]);
    await database.knex('migrations_lock').update({ is_locked: 1 });
    await migrate(database, [table('whole'), { ...table('more'), name: '0002-more' }]);

    expect(await applied()).to.deep.equal(['0001-whole', '0002-more']);
  });
});
