import { expect } from 'chai';
import { LogUnavailable } from '../../../../src/application/ports/event-log.js';
import type { EventStoreDbLogEngine } from '../../../../src/infrastructure/event-log/eventstoredb/eventstoredb-log-engine.js';
import { OutdatedInstance } from '../../../../src/infrastructure/event-log/outdated-instance.js';
import {
  EventStoreDbFixture,
  newEvent,
  newStream,
  seenRow,
  shortTimings,
} from '../../../support/eventstoredb-fixture.js';
import { EventStoreDbServer } from '../../../support/eventstoredb-server/server.js';
import { rejection } from '../../../support/rejection.js';

describe('the EventStoreDB engine, what it keeps in PostgreSQL: ', () => {
  let fixture: EventStoreDbFixture;
  let server: EventStoreDbServer;
  let engine: EventStoreDbLogEngine;

  before(async () => {
    fixture = await EventStoreDbFixture.open();
  });
  after(() => fixture.close());
  beforeEach(async () => {
    server = await new EventStoreDbServer().start();
    engine = fixture.engine(server.connectionString);
    await engine.start();
  });
  afterEach(async () => {
    await fixture.reset();
    await server.stop();
  });

  const written = (): Promise<void> =>
    new Promise((resolve) => {
      const stop = server.log.onWrite(() => {
        stop();
        resolve();
      });
    });

  const notes = async (): Promise<readonly unknown[]> => {
    const { rows } = await fixture.database.pool.query('select revision, note from seen_v1 order by key');
    return rows.map(({ revision, note }) => [revision, note]);
  };

  it('inline rows stand when the append is acknowledged, and an older row never replaces a newer one', async () => {
    const stream = newStream();
    const event = newEvent();
    const first = { stream, expectedRevision: -1, events: [event], inline: [seenRow(stream, 0, 'first')] };
    await engine.append(first);
    expect(await notes()).to.deep.equal([[0, 'first']]);
    await engine.append({ stream, expectedRevision: 0, events: [newEvent()], inline: [seenRow(stream, 1, 'second')] });
    await engine.append(first);

    expect(await notes()).to.deep.equal([[1, 'second']]);
  });

  it('an append that PostgreSQL kept from being acknowledged writes its rows when it is repeated', async () => {
    const stream = newStream();
    const append = { stream, expectedRevision: -1, events: [newEvent()], inline: [seenRow(stream, 0, 'late')] };
    const timings = { ...shortTimings, call: 300, operation: 1_000 };
    const impatient = fixture.engine(server.connectionString, 'test', timings);
    await impatient.start();
    const locker = await fixture.database.pool.connect();
    await locker.query('begin; lock table seen_v1 in access exclusive mode');
    const error = await rejection(impatient.append(append));
    await locker.query('rollback; delete from seen_v1');
    locker.release();

    expect(error).to.be.instanceOf(LogUnavailable);
    expect(server.log.all).to.have.length(1);
    const answer = await engine.append(append);
    expect(answer.revision).to.equal(0);
    expect(await notes()).to.deep.equal([[0, 'late']]);
    expect(server.log.all).to.have.length(1);
  });

  it('a row that PostgreSQL refuses is told without its contents', async () => {
    const stream = newStream();
    const row = { ...seenRow(stream, 0, 'x'), tenant: 'ada@example.org' as never };
    const error = await rejection(engine.append({ stream, expectedRevision: -1, events: [newEvent()], inline: [row] }));

    expect(error.message).to.equal(`PostgreSQL refused the append to ${stream} (22P02)`);
  });

  it('the epoch is the same for every instance, and a new one reaches those that run', async () => {
    const other = fixture.engine(server.connectionString);
    await other.start();
    const before = engine.epoch();
    expect(other.epoch()).to.equal(before);
    const after = await engine.newEpoch();
    expect(after).not.to.equal(before);

    const learned = new Promise<void>((resolve) => {
      other.onGrowth(() => {
        if (other.epoch() === after) resolve();
        else server.breakConnections();
      });
    });
    await learned;
  });

  it('an instance of other versions than the log is written under appends nothing', async () => {
    const outdated = fixture.engine(server.connectionString, 'older');
    await outdated.start();
    const error = await rejection(
      outdated.append({ stream: newStream(), expectedRevision: -1, events: [newEvent()], inline: [] }),
    );

    expect(error).to.be.instanceOf(OutdatedInstance);
    expect(server.log.all).to.have.length(0);
  });

  it('no append of the old versions comes after the tail of a switch has been read', async () => {
    const next = fixture.engine(server.connectionString, 'next');
    await next.start();
    let lost: unknown;
    let appended = 0;
    const appending = (async () => {
      while (lost === undefined) {
        await engine
          .append({ stream: newStream(), expectedRevision: -1, events: [newEvent()], inline: [] })
          .then(() => (appended += 1))
          .catch((error: unknown) => (lost = error));
      }
    })();
    while (appended < 3) await written();
    let tail = -1;
    await fixture.control('next').advance('test', async () => {
      tail = server.log.all.length;
    });
    await appending;

    expect(lost).to.be.instanceOf(LogUnavailable);
    expect(server.log.all.length).to.equal(tail);
    expect(appended).to.equal(tail);
    await next.append({ stream: newStream(), expectedRevision: -1, events: [newEvent()], inline: [] });
    expect(await fixture.control('next').active()).to.equal('next');
  });

  const quick = { ...shortTimings, call: 100 };

  it('only one instance switches at a time', async () => {
    const controls = [fixture.control('next', quick), fixture.control('other', quick)];
    const outcomes = await Promise.allSettled(controls.map((control) => control.advance('test')));

    expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected']);
  });

  it('an instance that was held up behind its gate until it opened does not switch', async () => {
    const next = fixture.control('next', quick);
    const advancing = rejection(next.advance('test'));
    const opened = 'update control set gate_closed_until = clock_timestamp() where gate_closed_until is not null';
    while ((await fixture.database.pool.query(opened)).rowCount === 0) await engine.head();

    expect((await advancing).message).to.equal('the write gate opened before the switch');
    expect(await next.active()).to.equal('test');
  });

  it('a switch that fails opens the gate again', async () => {
    const error = await rejection(fixture.control('next', quick).advance('something else'));

    expect(error).to.be.instanceOf(OutdatedInstance);
    await engine.append({ stream: newStream(), expectedRevision: -1, events: [newEvent()], inline: [] });
  });
});
