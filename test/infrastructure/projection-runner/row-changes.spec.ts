import { expect } from 'chai';
import fc from 'fast-check';
import type pg from 'pg';
import { Database } from '../../../src/infrastructure/database.js';
import { writePhases } from '../../../src/infrastructure/projection-runner/batch-writer.js';
import {
  definition,
  describeTable,
  type ModelTable,
} from '../../../src/infrastructure/projection-runner/model-table.js';
import { RowChanges } from '../../../src/infrastructure/projection-runner/row-changes.js';
import type { Columns, Rows } from '../../../src/projections/projection.js';
import { freshDatabase, type TestDatabase } from '../../support/test-database.js';
import { PlainRows } from './plain-rows.js';

const shape = {
  name: 'things',
  version: 1,
  key: ['owner', 'id'],
  columns: (table: import('knex').Knex.CreateTableBuilder): void => {
    table.text('owner').notNullable();
    table.integer('id').notNullable();
    table.text('name');
    table.integer('uses').notNullable().defaultTo(7);
    table.integer('score');
    table.specificType('tags', 'text[]').notNullable().defaultTo('{}');
  },
};
const defaults: Columns = { name: null, uses: 7, score: null, tags: [] };

type Step = (rows: Rows) => void;

const key = fc.record({ owner: fc.constantFrom('a', 'b'), id: fc.integer({ min: 1, max: 2 }) });
/** Few sets of columns, so that changes of different rows often share a statement. */
const some: fc.Arbitrary<Columns> = fc.oneof(
  fc.record({ name: fc.constantFrom('x', 'y', 'z "q" \\ é', null) }),
  fc.record({ name: fc.constantFrom('x', 'y'), uses: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ score: fc.constantFrom(1, 2, null) }),
  fc.record({ tags: fc.constantFrom<string[]>([], ['p'], ['p', 'q,"r"']) }),
  fc.constant({}),
);
const where = fc.record(
  { owner: fc.constantFrom('a', 'b'), name: fc.constantFrom('x', 'y', null) },
  { requiredKeys: [] },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(key, some).map(
      ([k, c]): Step =>
        (rows) =>
          rows.insert({ ...k, ...c }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(key, some).map(
      ([k, c]): Step =>
        (rows) =>
          rows.upsert(k, c),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(key, some).map(
      ([k, c]): Step =>
        (rows) =>
          rows.update(k, c),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(key, fc.constantFrom('uses', 'uses', 'score'), fc.integer({ min: -3, max: 3 })).map(
      ([k, column, by]): Step =>
        (rows) =>
          rows.increment(k, column, by),
    ),
  },
  {
    weight: 2,
    arbitrary: key.map(
      (k): Step =>
        (rows) =>
          rows.delete(k),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(where, some).map(
      ([w, c]): Step =>
        (rows) =>
          rows.updateWhere(w, c),
    ),
  },
  {
    weight: 1,
    arbitrary: where.map(
      (w): Step =>
        (rows) =>
          rows.deleteWhere(w),
    ),
  },
);

describe('changes of rows merged over a batch', () => {
  let test: TestDatabase;
  let database: Database;
  let client: pg.PoolClient;
  let table: ModelTable;
  before(async () => {
    test = await freshDatabase();
    database = new Database(test.config);
    client = await database.pool.connect();
    await client.query(definition('public', shape));
    table = await describeTable(client, 'public', shape);
  });
  after(async () => {
    client.release();
    await database.close();
    await test.drop();
  });

  async function written(batches: readonly (readonly Step[])[]): Promise<Columns[]> {
    await client.query('BEGIN');
    for (const batch of batches) {
      const changes = new RowChanges(table);
      for (const one of batch) one(changes);
      await writePhases(client, table, changes.phases);
    }
    const { rows } = await client.query<Columns>('SELECT * FROM things_v1 ORDER BY owner, id');
    await client.query('ROLLBACK');
    return rows;
  }

  it('leave the rows that the same changes leave one by one, however they are split into batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        async (batches) => {
          const plain = new PlainRows(shape.key, defaults);
          for (const one of batches.flat()) one(plain);
          const expected = [...plain.rows.values()].sort((l, r) =>
            `${l['owner']}${l['id']}` < `${r['owner']}${r['id']}` ? -1 : 1,
          );

          expect(await written(batches)).to.deep.equal(expected);
          expect(await written([batches.flat()])).to.deep.equal(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('create a row once, whichever row a statement was first needed for', async () => {
    const [one, other] = [
      { owner: 'a', id: 1 },
      { owner: 'a', id: 2 },
    ];
    const steps: readonly Step[] = [
      (rows) => rows.upsert(one, { name: 'x' }),
      (rows) => rows.increment(one, 'uses', 1),
      (rows) => rows.update(other, { score: 5 }),
      (rows) => rows.upsert(other, { name: 'y', uses: 8 }),
    ];

    expect(await written([steps])).to.deep.equal([
      { ...one, ...defaults, name: 'x', uses: 8 },
      { ...other, ...defaults, name: 'y', uses: 8 },
    ]);
  });

  it('of one row become one statement where they can be said as one', () => {
    const changes = new RowChanges(table);
    const one = { owner: 'a', id: 1 };
    changes.upsert(one, { name: 'x' });
    changes.increment(one, 'uses', 1);
    changes.update(one, { score: 3 });
    changes.increment(one, 'score', 4);

    expect(changes.phases).to.have.length(1);
    expect([...(changes.phases[0]?.changes.values() ?? [])]).to.deep.equal([
      {
        kind: 'merge',
        key: one,
        set: { name: 'x', score: 7 },
        add: { uses: 1 },
        create: { name: 'x', uses: 8, score: 7 },
      },
    ]);
  });

  it('refuse to lose or change a key', () => {
    const changes = new RowChanges(table);

    expect(() => changes.insert({ owner: 'a' })).to.throw(TypeError, 'the key column id is missing');
    expect(() => changes.update({ owner: 'a', id: 1 }, { id: 2 })).to.throw(
      TypeError,
      'the key column id must not change',
    );
  });
});
