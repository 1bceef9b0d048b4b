import { expect } from 'chai';
import pg from 'pg';
import type { InlineRow } from '../../../../src/application/ports/event-log.js';
import { LogUnavailable } from '../../../../src/application/ports/event-log.js';
import type { EngineAppend } from '../../../../src/infrastructure/event-log/log-engine.js';
import { inlineTable, newAppend, newRow, newStream } from '../../../contracts/log-engine/subject.js';
import { type PostgresLogFixture, postgresLog } from '../../../support/postgres-log.js';
import { rejection } from '../../../support/rejection.js';

describe('a failing inline row on PostgreSQL', () => {
  let log: PostgresLogFixture;
  let table: string;
  let start: bigint;

  before(async () => {
    log = await postgresLog();
  });
  beforeEach(async () => {
    table = await inlineTable(log.pool);
    start = await log.engine.head();
  });
  after(() => log.close());

  const withRow = (columns: InlineRow['columns'], into = table, stream = newStream()): EngineAppend => ({
    ...newAppend(stream, -1),
    inline: [newRow(into, stream, 0, columns)],
  });

  const rowCount = async (): Promise<number> => (await log.pool.query(`select from ${table}`)).rowCount ?? 0;

  for (const [what, spoilt] of [
    ['a column that is not what it should be', () => withRow({ status: 'open', tries: 'ada@example.org' })],
    ['a column that must not be empty', () => withRow({ status: null })],
    ['a character that PostgreSQL cannot hold', () => withRow({ status: 'ada@example.org\u0000' })],
    ['a table that is not there', () => withRow({ status: 'open' }, 'missing_v1')],
    ['a table whose name is too long', () => withRow({ status: 'open' }, `${'long'.repeat(15)}_v1`)],
  ] as const) {
    it(`fails only its own append: ${what}`, async () => {
      const append = spoilt();
      const others = Array.from({ length: 20 }, () => withRow({ status: 'open' }));
      const accepted = Promise.all(others.map((other) => log.engine.append(other)));
      const error = await rejection(log.engine.append(append));
      await accepted;

      expect(error.message).to.contain(append.stream).and.not.to.contain('ada@example.org');
      expect(error.cause).to.equal(undefined);
      expect(await log.engine.read(append.stream, 0, 1)).to.deep.equal([]);
      expect([await rowCount(), await log.engine.head()]).to.deep.equal([20, start + 20n]);
    });
  }

  it('keeps the other appends going while somebody holds the row', async () => {
    const engine = await log.another({ resolving: 1_500 });
    const held = withRow({ status: 'open' });
    const { key, tenant, id } = held.inline[0] ?? newRow(table, held.stream, 0, {});
    const holder = new pg.Client(log.database.config);
    holder.on('error', () => undefined);
    await holder.connect();
    await holder.query('begin');
    await holder.query(`insert into ${table} values ($1, $2, $3, 0, 'held')`, [key, tenant, id]);
    const others = Promise.all(Array.from({ length: 3 }, () => engine.append(withRow({ status: 'open' }))));
    const error = await rejection(engine.append(held));
    await others;
    await holder.end();

    expect(error).to.be.instanceOf(LogUnavailable);
    expect([await rowCount(), await log.engine.head()]).to.deep.equal([3, start + 3n]);
    await engine.append(held);
    expect(await rowCount()).to.equal(4);
  });

  it('replaces a row that several appends of one batch change by the newest', async () => {
    const stream = newStream();
    const appends = ['open', 'busy', 'closed'].map((status, revision) => ({
      ...newAppend(stream, revision - 1),
      inline: [newRow(table, stream, revision, { status })],
    }));
    await Promise.all(appends.map((append) => log.engine.append(append)));
    const { rows } = await log.pool.query(`select revision, status from ${table}`);

    expect(rows).to.deep.equal([{ revision: 2, status: 'closed' }]);
  });
});
