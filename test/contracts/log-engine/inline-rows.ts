import { expect } from 'chai';
import type { InlineRow } from '../../../src/application/ports/event-log.js';
import type { EngineAppend } from '../../../src/infrastructure/event-log/log-engine.js';
import { rejection } from '../../support/rejection.js';
import { inlineTable, newAppend, newRow, newStream, type Subject } from './subject.js';

export function inlineRows(subject: Subject): void {
  let tables: readonly [string, string];

  beforeEach(async () => {
    const { pool } = subject();
    tables = [await inlineTable(pool), await inlineTable(pool)];
  });

  const standing = async (table: string): Promise<readonly object[]> =>
    (await subject().pool.query(`select id, revision, status from ${table} order by key`)).rows;

  const withRows = (append: EngineAppend, ...inline: readonly InlineRow[]): EngineAppend => ({ ...append, inline });

  const idOf = (stream: string): string => stream.slice(stream.indexOf('_') + 1);

  it('stand, with columns of every kind, before the append is answered', async () => {
    const { engine, pool } = subject();
    const stream = newStream();
    const columns = { status: 'open "ü\\', tries: 3, locked: false, roles: ['a,b', '"c"', ''] };
    const empty = { status: '', tries: null, locked: null, roles: [] };
    await engine.append(
      withRows(newAppend(stream, -1, 2), newRow(tables[0], stream, 1, columns), newRow(tables[1], stream, 1, empty)),
    );
    const rows = await Promise.all(tables.map(async (table) => (await pool.query(`select * from ${table}`)).rows));

    const { key, tenant, id } = newRow(tables[0], stream, 1, {});
    expect(rows).to.deep.equal([
      [{ key, tenant, id, revision: 1, ...columns }],
      [{ key, tenant, id, revision: 1, ...empty }],
    ]);
  });

  it('follow their stream', async () => {
    const { engine } = subject();
    const stream = newStream();
    await engine.append(withRows(newAppend(stream, -1), newRow(tables[0], stream, 0, { status: 'open' })));
    await engine.append(withRows(newAppend(stream, 0, 2), newRow(tables[0], stream, 2, { status: 'closed' })));

    expect(await standing(tables[0])).to.deep.equal([{ id: idOf(stream), revision: 2, status: 'closed' }]);
  });

  it('stand again when the append is repeated', async () => {
    const { engine, pool } = subject();
    const stream = newStream();
    const append = withRows(newAppend(stream, -1), newRow(tables[0], stream, 0, { status: 'open' }));
    await engine.append(append);
    await pool.query(`delete from ${tables[0]}`);
    await engine.append(append);

    expect(await standing(tables[0])).to.deep.equal([{ id: idOf(stream), revision: 0, status: 'open' }]);
  });

  it('are written by many at once into a table that nobody wrote to before', async () => {
    const { engine, pool } = subject();
    for (let round = 0; round < 5; round += 1) {
      const table = await inlineTable(pool);
      const streams = Array.from({ length: 8 }, () => newStream());
      await Promise.all(
        streams.map((stream) =>
          engine.append(withRows(newAppend(stream, -1), newRow(table, stream, 0, { status: 'open' }))),
        ),
      );
      expect(await standing(table)).to.have.length(streams.length);
    }
  });

  it('never go back to a lower revision', async () => {
    const { engine } = subject();
    const stream = newStream();
    const append = withRows(newAppend(stream, -1), newRow(tables[0], stream, 0, { status: 'open' }));
    await engine.append(append);
    await engine.append(withRows(newAppend(stream, 0), newRow(tables[0], stream, 1, { status: 'closed' })));
    await engine.append(append);

    expect(await standing(tables[0])).to.deep.equal([{ id: idOf(stream), revision: 1, status: 'closed' }]);
  });

  it('are not written for an append that is refused', async () => {
    const { engine } = subject();
    const [stream, bystander] = [newStream(), newStream()];
    const accepted = withRows(newAppend(bystander, -1), newRow(tables[0], bystander, 0, { status: 'open' }));
    const refused = withRows(newAppend(stream, 4), newRow(tables[0], stream, 5, { status: 'stolen' }));
    await Promise.all([engine.append(accepted), rejection(engine.append(refused))]);

    expect(await standing(tables[0])).to.deep.equal([{ id: idOf(bystander), revision: 0, status: 'open' }]);
  });
}
