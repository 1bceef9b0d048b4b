import { expect } from 'chai';
import { Database } from '../../../../src/infrastructure/database.js';
import { ControlRow } from '../../../../src/infrastructure/event-log/control-row.js';
import type { EngineAppend, EngineAppended } from '../../../../src/infrastructure/event-log/log-engine.js';
import { PostgresLogEngine } from '../../../../src/infrastructure/event-log/postgres/postgres-log-engine.js';
import { defaultLimits } from '../../../../src/infrastructure/event-log/postgres/sequencer.js';
import {
  everythingAfter,
  grownUntil,
  ids,
  inlineTable,
  newAppend,
  newRow,
  newStream,
} from '../../../contracts/log-engine/subject.js';
import { CuttingProxy } from '../../../support/cutting-proxy.js';
import { type PostgresLogFixture, postgresLog } from '../../../support/postgres-log.js';

const full = process.env['ANNAL_TEST_FULL'] === '1';

type Acknowledged = Readonly<{ append: EngineAppend; answer: EngineAppended }>;

describe('the log on PostgreSQL, when things break', () => {
  let log: PostgresLogFixture;
  let table: string;
  let start: bigint;
  let acknowledged = 0;

  before(async () => {
    log = await postgresLog(1_000);
    table = await inlineTable(log.pool);
  });
  beforeEach(async () => {
    start = await log.engine.head();
  });
  after(() => log.close());

  /** Writers, each on streams of its own, until `done`; every append must be acknowledged. */
  async function load(writers: number, done: () => boolean): Promise<readonly Acknowledged[]> {
    const histories = await Promise.all(
      Array.from({ length: writers }, async () => {
        const history: Acknowledged[] = [];
        for (let stream = newStream(), revision = -1; !done(); revision += 1) {
          const inline = [newRow(table, stream, revision + 1, { status: 'open', tries: revision })];
          const append = { ...newAppend(stream, revision), inline };
          history.push({ append, answer: await log.engine.append(append) });
          acknowledged += 1;
        }
        return history;
      }),
    );
    return histories.flat();
  }

  async function expectExactly(history: readonly Acknowledged[]): Promise<void> {
    const all = await everythingAfter(log.engine, start, 1_000);
    const places = history.flatMap(({ append, answer: { position } }) =>
      ids(append.events).map((id) => ({ id, position })),
    );
    const byPosition = [...places].sort((left, right) => (left.position < right.position ? -1 : 1));

    expect(all.map(({ id, position }) => ({ id, position }))).to.deep.equal(byPosition);
    expect(all.map(({ position }) => position)).to.deep.equal(all.map((_, index) => start + BigInt(index + 1)));
    const { rows } = await log.pool.query<{ revision: number; key: string }>(`select key, revision from ${table}`);
    const standing = new Map(rows.map(({ key, revision }) => [key, revision]));
    for (const { append } of history) {
      for (const { key, revision } of append.inline) expect(standing.get(key)).to.be.at.least(revision);
    }
  }

  const backendOf = async (name: string): Promise<number> => {
    const { rows } = await log.pool.query<{ pid: number }>(
      'select pid from pg_stat_activity where application_name = $1 and datname = current_database()',
      [name],
    );
    return rows[0]?.pid ?? 0;
  };

  it('loses and doubles nothing when its connection is ended again and again under load', async () => {
    let ended = 0;
    const rounds = full ? 50 : 8;
    const history = load(16, () => ended === rounds);
    while (ended < rounds) {
      const { rows } = await log.pool.query<{ gone: boolean }>('select pg_terminate_backend($1) as gone', [
        await backendOf('annal appends'),
      ]);
      if (rows[0]?.gone === true) ended += 1;
    }

    await expectExactly(await history);
  }).timeout(full ? 120_000 : 20_000);

  it('loses and doubles nothing when the server is killed under load', async () => {
    let enough = Number.POSITIVE_INFINITY;
    const history = load(16, () => acknowledged > enough);
    let pid = 0;
    while (pid === 0) pid = await backendOf('annal appends');
    // One backend that dies of a SIGKILL makes the whole server drop every connection and recover from its log.
    process.kill(pid, 'SIGKILL');
    enough = acknowledged + 300;

    await expectExactly(await history);
  });

  describe('behind a proxy', () => {
    let proxy: CuttingProxy;
    let database: Database;
    let engine: PostgresLogEngine;

    before(async () => {
      proxy = await CuttingProxy.start(log.database.config);
      database = new Database(proxy.config);
      engine = new PostgresLogEngine(database, new ControlRow(database.pool, 'catalogue-1'), defaultLimits);
      await engine.start();
      await engine.append(newAppend(newStream(), -1));
    });
    after(async () => {
      await engine.stop();
      await database.close();
      await proxy.stop();
    });

    it('answers with what was recorded when the answer was lost', async () => {
      for (let round = 0; round < (full ? 1_000 : 20); round += 1) {
        const lost = proxy.cutAfterAnswer();
        const append = newAppend(newStream(), -1, 2);
        const [answer] = await Promise.all([engine.append(append), lost]);
        const events = await log.engine.read(append.stream, 0, 10);

        expect(ids(events)).to.deep.equal(ids(append.events));
        expect(answer.position).to.equal(events[1]?.position);
      }
    }).timeout(full ? 300_000 : 20_000);

    it('holds nobody up when a client stops in the middle of its query', async () => {
      const withheld = proxy.withholdSync();
      const append = newAppend(newStream(), -1);
      const stopped = engine.append(append);
      await withheld;
      const executed = `select from pg_stat_activity where application_name = 'annal appends' and datname = current_database()
        and state = 'active' and wait_event = 'ClientRead'`;
      while ((await log.pool.query(executed)).rowCount === 0) await new Promise(setImmediate);
      await log.pool.query('select epoch from log_head for update nowait');
      proxy.cut();

      expect(await stopped).to.include({ revision: 0 });
      expect(ids(await log.engine.read(append.stream, 0, 10))).to.deep.equal(ids(append.events));
    });

    it('hears of what others append after its listening connection broke', async () => {
      const heard = grownUntil(engine, async () => (await engine.head()) > start);
      proxy.cut();
      await log.engine.append(newAppend(newStream(), -1));
      await heard;
    });
  });
});
