import { expect } from 'chai';
import pg from 'pg';
import { RevisionConflict } from '../../../../src/application/ports/event-log.js';
import type { LogEngine, StoredEvent } from '../../../../src/infrastructure/event-log/log-engine.js';
import {
  everythingAfter,
  ids,
  newAppend,
  newEvent,
  newEvents,
  newStream,
  newTenant,
} from '../../../contracts/log-engine/subject.js';
import { type PostgresLogFixture, postgresLog } from '../../../support/postgres-log.js';
import { rejection } from '../../../support/rejection.js';
import { freshDatabase } from '../../../support/test-database.js';

const full = process.env['ANNAL_TEST_FULL'] === '1';
const eventsPerWriter = full ? 500 : 60;
const segmentSize = full ? 5_000 : 50;

describe('the order of the log on PostgreSQL', () => {
  let log: PostgresLogFixture;
  /** The head before each spec. */
  let start: bigint;

  before(async () => {
    log = await postgresLog(segmentSize);
  });
  beforeEach(async () => {
    start = await log.engine.head();
  });
  after(() => log.close());

  /** Dense positions after the start. */
  const places = (...numbers: readonly number[]): readonly bigint[] => numbers.map((number) => start + BigInt(number));

  const positions = (events: readonly StoredEvent[]): readonly bigint[] => events.map(({ position }) => position);

  const connect = async (config: pg.ClientConfig = log.database.config): Promise<pg.Client> => {
    const client = new pg.Client(config);
    client.on('error', () => undefined);
    await client.connect();

    return client;
  };

  /** Follows the log from the start until it has seen that many events; each page must continue where the last one ended. */
  async function follow(engine: LogEngine, count: number, pageSize: number): Promise<readonly StoredEvent[]> {
    const seen: StoredEvent[] = [];
    let wake = (): void => undefined;
    const stop = engine.onGrowth(() => wake());
    for (let upTo = start; seen.length < count; ) {
      const grown = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const page = await engine.readAll(upTo, pageSize);
      seen.push(...page.events);
      upTo = page.upTo;
      if (page.atHead && seen.length < count) await grown;
    }
    stop();

    return seen;
  }

  it('is dense, and is the order of commits, under 32 writers of three instances, for followers that read at the same time', async () => {
    const engines = [log.engine, await log.another(), await log.another()];
    const total = 32 * eventsPerWriter;
    const following = Promise.all([1, 7, 1_000].map((size) => follow(log.engine, total, size)));
    const answered = await Promise.all(
      Array.from({ length: 32 }, async (_, writer) => {
        const own: bigint[] = [];
        const stream = newStream();
        for (let n = 0; n < eventsPerWriter; n += 1) {
          const engine = engines[(writer + n) % 3] ?? log.engine;
          own.push((await engine.append(newAppend(stream, n - 1))).position);
        }
        return own;
      }),
    );

    const dense = places(...Array.from({ length: total }, (_, index) => index + 1));
    for (const seen of await following) expect(positions(seen)).to.deep.equal(dense);
    for (const own of answered) expect(own).to.deep.equal([...own].sort((a, b) => (a < b ? -1 : 1)));
  }).timeout(full ? 300_000 : 20_000);

  it('shows nothing of a batch that has its place but is not committed, and skips nothing after it', async () => {
    const slow = await connect();
    await log.engine.append(newAppend(newStream(), -1));
    await slow.query('begin');
    await slow.query('select epoch from log_head for update');
    const second = await log.another();
    const pending = Promise.all(
      [log.engine, second].flatMap((engine) => [1, 2, 3].map(() => engine.append(newAppend(newStream(), -1)))),
    );
    const waiting = `select count(*)::int as waiting from pg_stat_activity
      where application_name = 'annal appends' and wait_event_type = 'Lock' and datname = current_database()`;
    while ((await log.pool.query<{ waiting: number }>(waiting)).rows[0]?.waiting !== 2) await new Promise(setImmediate);
    const meanwhile = await log.engine.readAll(start, 10);
    await slow.query('rollback');
    await slow.end();
    await pending;

    expect([meanwhile.events.length, meanwhile.upTo, meanwhile.atHead]).to.deep.equal([1, start + 1n, true]);
    expect(positions(await everythingAfter(log.engine, start))).to.deep.equal(places(1, 2, 3, 4, 5, 6, 7));
  });

  it('does not depend on transaction ids, nor on idle transactions in this or another database', async () => {
    const other = await freshDatabase();
    const idle = [await connect(), await connect(), await connect(other.config)];
    for (const client of idle) {
      await client.query('begin isolation level repeatable read');
      await client.query('select pg_current_xact_id(), count(*) from pg_class');
    }
    const headRow = async (): Promise<unknown> => (await log.pool.query('select ctid from log_head')).rows;
    const versionBefore = await headRow();
    for (let n = 0; n < 60; n += 1) await log.engine.append(newAppend(newStream(), -1));
    const page = await log.engine.readAll(start, 100);
    const versionAfter = await headRow();
    await Promise.all(idle.map((client) => client.end()));
    await other.drop();

    expect([page.events.length, page.upTo, page.atHead]).to.deep.equal([60, start + 60n, true]);
    // Versions of a row that old snapshots keep alive would have to be walked by every append.
    expect(versionAfter).to.deep.equal(versionBefore);
  });

  it('takes several appends to one stream in one batch, each seeing the one before', async () => {
    const stream = newStream();
    const outcomes = await Promise.allSettled([
      log.engine.append(newAppend(stream, -1, 2)),
      log.engine.append(newAppend(stream, 1)),
      log.engine.append(newAppend(stream, 1)),
      log.engine.append(newAppend(newStream(), -1)),
      log.engine.append(newAppend(stream, 2, 3)),
    ]);

    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(positions(await log.engine.read(stream, 0, 10))).to.deep.equal(places(1, 2, 3, 5, 6, 7));
  });

  it('makes segments ahead, and on the spot for an append that is longer than a segment', async () => {
    const stream = newStream();
    const long = newEvents(3 * segmentSize + 30);
    await log.engine.append(newAppend(stream, -1, long));
    await log.engine.append(newAppend(stream, long.length - 1, 2));
    const { rows } = await log.pool.query<{ first_position: string }>(
      'select first_position from log_segments order by first_position',
    );
    const opened = rows.map(({ first_position }) => BigInt(first_position));

    expect(ids(await log.engine.read(stream, 0, long.length))).to.deep.equal(ids(long));
    expect(opened).to.deep.equal(opened.map((_, index) => BigInt(index * segmentSize + 1)));
    expect(opened.at(-1)).to.satisfy((last: bigint) => last + BigInt(segmentSize) > start + BigInt(long.length + 2));
  });

  it('refuses ids that stand at another revision of the stream, in the same segment or an earlier one', async () => {
    const stream = newStream();
    const first = newEvents(2);
    await log.engine.append(newAppend(stream, -1, first));
    const near = await rejection(log.engine.append(newAppend(stream, 1, [newEvent(), ...first.slice(1)])));
    await log.engine.append(newAppend(stream, 1, segmentSize + 10));
    const far = await rejection(log.engine.append(newAppend(stream, segmentSize + 11, first)));

    for (const error of [near, far]) expect(error).to.be.instanceOf(RevisionConflict);
    expect((await log.engine.readBackwards(stream, 1))[0]?.revision).to.equal(segmentSize + 11);
  });

  it('never runs backwards in time, whatever the clock does', async () => {
    await log.engine.append(newAppend(newStream(), -1));
    await log.pool.query(`update events set recorded_at = '2999-01-01T00:00:00.120Z' where position > $1`, [
      start.toString(),
    ]);
    const { recordedAt } = await log.engine.append(newAppend(newStream(), -1));
    const { events } = await log.engine.readAll(start, 2);

    expect(recordedAt).to.equal('2999-01-01T00:00:00.120Z');
    expect(events.map((event) => event.recordedAt)).to.deep.equal([recordedAt, recordedAt]);
  });

  it('gives back exactly what is stored even where that is no text', async () => {
    const stream = newStream('session', newTenant());
    const damaged = { ...newEvent(), data: Buffer.from([0xff, 0x00, 0x5c, 0x22, 0xc3]) };
    await log.engine.append(newAppend(stream, -1, [newEvent(), damaged]));
    const [whole, broken] = await log.engine.read(stream, 0, 2);

    expect([...(broken?.data ?? [])]).to.deep.equal([0xff, 0x00, 0x5c, 0x22, 0xc3]);
    expect(Buffer.from(whole?.data ?? []).toString()).to.equal('{"n":1}');
  });

  it('announces an append before it answers, and notifies the others of its position', async () => {
    const client = await connect();
    await client.query('listen annal_log');
    const notified = new Promise((resolve) => client.on('notification', ({ payload }) => resolve(payload)));
    let announced = 0;
    const stop = log.engine.onGrowth(() => {
      announced += 1;
    });
    const { position } = await log.engine.append(newAppend(newStream(), -1, 3));
    const before = announced;
    stop();

    expect(before).to.be.at.least(1);
    expect(await notified).to.equal(position.toString());
    await client.end();
  });

  it('starts a new epoch when it is told that the log was restored, for every instance', async () => {
    const second = await log.another();
    const before = log.engine.epoch();
    const after = await log.engine.newEpoch();
    await second.append(newAppend(newStream(), -1));

    expect(after)
      .to.match(/^[0-9a-f]{12}$/)
      .and.not.to.equal(before);
    expect([log.engine.epoch(), second.epoch()]).to.deep.equal([after, after]);
  });
});
