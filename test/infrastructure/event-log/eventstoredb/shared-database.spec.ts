import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { expect } from 'chai';
import type { EventStoreDbLogEngine } from '../../../../src/infrastructure/event-log/eventstoredb/eventstoredb-log-engine.js';
import type { EncodedEvent } from '../../../../src/infrastructure/event-log/log-engine.js';
import {
  EventStoreDbFixture,
  newEvent,
  newStream,
  shortTimings,
  tenant,
} from '../../../support/eventstoredb-fixture.js';
import { EventStoreDbServer } from '../../../support/eventstoredb-server/server.js';
import { rejection } from '../../../support/rejection.js';

describe('the EventStoreDB engine in a database with other contents: ', () => {
  let fixture: EventStoreDbFixture;
  let server: EventStoreDbServer;
  let engine: EventStoreDbLogEngine;
  let other: EventStoreDBClient;
  let time: number;

  before(async () => {
    fixture = await EventStoreDbFixture.open();
  });
  after(() => fixture.close());
  beforeEach(async () => {
    time = Date.UTC(2026, 0, 1);
    server = await new EventStoreDbServer({ now: () => time }).start();
    engine = fixture.engine(server.connectionString);
    await engine.start();
    other = EventStoreDBClient.connectionString(server.connectionString);
  });
  afterEach(async () => {
    await engine.stop();
    await server.stop();
  });

  const append = (stream: string, expectedRevision: number, ...events: EncodedEvent[]) =>
    engine.append({ stream, expectedRevision, events, inline: [] });

  /** Other applications' events, metadata and a tombstone: nothing of ours. */
  async function clutter(): Promise<void> {
    await other.appendToStream('order-1', [
      jsonEvent({ type: 'ordered', data: {} }),
      binaryEvent({ type: 'raw', data: new Uint8Array(3) }),
    ]);
    await other.setStreamMetadata('order-1', { maxCount: 1 });
    await other.appendToStream(`blob-${tenant}_1`, binaryEvent({ type: 'raw', data: new Uint8Array(3) }));
    await other.appendToStream(`gone-${tenant}_1`, jsonEvent({ type: '$>', data: '0@order-1' }));
    await other.tombstoneStream(`gone-${tenant}_1`);
  }

  it('passes over what is not of the service, in both directions, and moves past it', async () => {
    await clutter();
    const first = await append(newStream(), -1, newEvent());
    await clutter().catch(() => undefined);
    const second = await append(newStream('session'), -1, newEvent());
    await other.appendToStream('order-1', jsonEvent({ type: 'ordered', data: {} }));
    const end = server.log.all.at(-1)?.position;

    const forwards = await engine.readAll(0n, 10);
    expect(forwards.events.map(({ position }) => position)).to.deep.equal([first.position, second.position]);
    expect(forwards).to.include({ upTo: end, atHead: true });
    const backwards = await engine.readAllBackwards(undefined, 10);
    expect(backwards.events.map(({ position }) => position)).to.deep.equal([second.position, first.position]);
    expect((await engine.readAllBackwards(backwards.upTo, 10)).upTo).to.equal(0n);
    expect(await engine.head()).to.equal(second.position);
    expect(await engine.head()).to.equal(second.position);
  });

  it('looks for the head among other contents once, and then only among what came since', async () => {
    const { position } = await append(newStream(), -1, newEvent());
    const foreign = Array.from({ length: 1_200 }, () => jsonEvent({ type: 'ordered', data: {} }));
    await other.appendToStream('order-1', foreign);
    expect(await engine.head()).to.equal(position);
    const before = server.faults.calls('read');
    expect(await engine.head()).to.equal(position);

    expect(server.faults.calls('read')).to.equal(before + 1);
  });

  it('finds a rare category in pages, each of which gets further', async () => {
    const rare = [await append(newStream('session'), -1, newEvent())];
    for (let batch = 0; batch < 25; batch += 1) {
      await append(newStream(), -1, ...Array.from({ length: 100 }, () => newEvent()));
    }
    rare.push(await append(newStream('session'), -1, newEvent()));
    const filter = { categories: ['session'], tenant };

    const page = await engine.readAll(0n, 1, filter);
    expect(page.events.map(({ position }) => position)).to.deep.equal([rare[0]?.position]);
    expect(page.atHead).to.equal(false);
    const rest = await engine.readAll(page.upTo, 5, filter);
    expect(rest.events.map(({ position }) => position)).to.deep.equal([rare[1]?.position]);
    expect(rest).to.include({ upTo: rare[1]?.position, atHead: true });
    const backwards = await engine.readAllBackwards(rest.upTo, 5, filter);
    expect(backwards.events.map(({ position }) => position)).to.deep.equal([rare[0]?.position]);
    expect(await engine.readAll(0n, 5, { tenant: 'nobody' })).to.deep.equal({
      events: [],
      upTo: rare[1]?.position,
      atHead: true,
    });
  });

  it('gives back every byte that JSON.stringify writes, and stores it as JSON', async () => {
    const data = [
      { empty: {}, list: [1, -0.5, 1e300, null, true, '\u2028 ü 𝄞 \ud800'] },
      JSON.parse('{"__proto__":{"a":1},"constructor":"x","toJSON":"y"}') as object,
      { 2: 'b', 1: 'a', z: 0, a: '"\\/\b\f\n\r\t\u0000' },
    ];
    const stream = newStream();
    const sent = data.map((value) => newEvent(value));
    await append(stream, -1, ...sent);
    const read = await engine.read(stream, 0, 10);

    expect(read.map((event) => Buffer.from(event.data).toString())).to.deep.equal(
      data.map((value) => JSON.stringify(value)),
    );
    expect(read.map((event) => Buffer.from(event.metadata))).to.deep.equal(sent.map((event) => event.metadata));
    expect(server.log.all.every(({ json }) => json)).to.equal(true);
    expect(server.log.all.map((event) => Buffer.from(event.data))).to.deep.equal(sent.map((event) => event.data));
  });

  for (const text of [
    '{"a":1.0}',
    '[]',
    '"text"',
    'null',
    '{"a":1',
    '{"a":1,"a":2}',
    '{"n":12345678901234567890}',
    '{"a":"\xff"}',
    '',
  ]) {
    it(`keeps bytes too that are not as JSON.stringify writes them: ${text}`, async () => {
      const bytes = Buffer.from(text, 'latin1');
      const stream = newStream();
      await append(stream, -1, { ...newEvent(), data: bytes }, { ...newEvent(), metadata: bytes });
      const [one, two] = await engine.read(stream, 0, 2);

      expect(Buffer.from(one?.data ?? []).toString('latin1')).to.equal(text);
      expect(Buffer.from(two?.metadata ?? []).toString('latin1')).to.equal(text);
      expect((await engine.readAll(0n, 5)).events).to.deep.equal([one, two]);
    });
  }

  it('tells the same time on every read, even where the clock of the server went back', async () => {
    const stream = newStream();
    const first = await append(stream, -1, newEvent());
    time -= 60_000;
    const second = await append(stream, 0, newEvent());

    const [one, two] = await engine.read(stream, 0, 2);
    const [three] = await engine.readBackwards(stream, 1);
    expect([one?.recordedAt, two?.recordedAt]).to.deep.equal([first.recordedAt, second.recordedAt]);
    expect(three?.recordedAt).to.equal('2025-12-31T23:59:00.000Z');
  });

  it('says aloud when a stream was deleted behind its back', async () => {
    const stream = newStream();
    await append(stream, -1, newEvent());
    await other.deleteStream(stream);
    const error = await rejection(append(stream, -1, newEvent()));

    expect(error.message).to.equal(`${stream} was deleted in EventStoreDB, which a stream of the log never is`);
  });

  it('says what is too large for the server', async () => {
    const error = await rejection(append(newStream(), -1, newEvent({ text: 'x'.repeat(1_100_000) })));

    expect(error.message).to.contain('Maximum Append Size');
  });

  it('takes a connection string under its newer name', async () => {
    const renamed = fixture.engine(server.connectionString.replace('esdb', 'kurrentdb'));
    await renamed.start();

    expect(await renamed.head()).to.equal(0n);
  });

  it('says which setting is wrong when it cannot start', async () => {
    const timings = { ...shortTimings, operation: 300 };
    const nobody = await rejection(fixture.engine('esdb://127.0.0.1:1?tls=false', 'test', timings).start());
    const bare = await rejection(fixture.engine('esdb://127.0.0.1:1').start());

    expect(nobody.message).to.match(/^ANNAL_EVENTSTORE: no use of the database at 127\.0\.0\.1:1: /);
    expect(bare.message).to.equal('ANNAL_EVENTSTORE: with TLS, name user:password@ before the host');
  });
});
