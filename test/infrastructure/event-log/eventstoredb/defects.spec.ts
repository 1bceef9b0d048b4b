import { expect } from 'chai';
import { LogUnavailable, RevisionConflict } from '../../../../src/application/ports/event-log.js';
import type { EventStoreDbLogEngine } from '../../../../src/infrastructure/event-log/eventstoredb/eventstoredb-log-engine.js';
import { EventStoreDbFixture, newEvent, newStream, shortTimings } from '../../../support/eventstoredb-fixture.js';
import { EventStoreDbServer } from '../../../support/eventstoredb-server/server.js';
import { rejection } from '../../../support/rejection.js';

const UNAVAILABLE = 14;
const PERMISSION_DENIED = 7;

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('the EventStoreDB engine survives its client: ', () => {
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
    await engine.stop();
    await server.stop();
  });

  const append = (stream: string, expectedRevision: number, ...events: ReturnType<typeof newEvent>[]) =>
    engine.append({ stream, expectedRevision, events, inline: [] });

  it('1: never uses the batched append, whose answers are mixed up between callers', async () => {
    await Promise.all(Array.from({ length: 20 }, () => append(newStream(), -1, newEvent())));

    expect(server.faults.calls('append')).to.equal(20);
    expect(server.faults.calls('batchAppend')).to.equal(0);
  });

  it('2: limits every call by itself, and sends the same again when no answer came', async () => {
    const stream = newStream();
    server.faults.add('append', { kind: 'silence' });
    const answer = await append(stream, -1, newEvent(), newEvent());

    expect(answer.revision).to.equal(1);
    expect(server.faults.calls('append')).to.equal(2);
    expect(server.log.all).to.have.length(2);
  });

  it('2: gives up after a bounded time and says that the outcome is unknown', async () => {
    const timings = { ...shortTimings, call: 200, operation: 1_000 };
    const impatient = fixture.engine(server.connectionString, 'test', timings);
    await impatient.start();
    server.faults.add('append', { kind: 'silence' }, 100);
    const started = performance.now();
    const error = await rejection(
      impatient.append({ stream: newStream(), expectedRevision: -1, events: [newEvent()], inline: [] }),
    );

    expect(error).to.be.instanceOf(LogUnavailable);
    expect(performance.now() - started).to.be.within(900, 4_000);
    expect(server.log.all).to.have.length(1);
  });

  it('3: refuses throwOnAppendFailure, under which conflicts pass for successes', async () => {
    const error = await rejection(fixture.engine(`${server.connectionString}&throwOnAppendFailure=false`).start());

    expect(error.message).to.match(/^ANNAL_EVENTSTORE: throwOnAppendFailure/);
  });

  for (const [name, fault] of Object.entries({
    'a connection that breaks before': { kind: 'drop' },
    'a connection that breaks after the commit': { kind: 'answer-lost' },
    'a server that is not ready': { kind: 'status', code: UNAVAILABLE, details: 'Server Is Not Ready' },
    'a server that times out': { kind: 'status', code: 10, details: 'Operation timed out' },
    'an error of no known kind': { kind: 'status', code: 2, details: 'Unexpected OperationResult' },
  } as const)) {
    it(`4, 13: takes ${name} for an unknown outcome and repeats the append`, async () => {
      server.faults.add('append', fault, 3);
      const answer = await append(newStream(), -1, newEvent(), newEvent());

      expect(answer.revision).to.equal(1);
      expect(server.log.all).to.have.length(2);
    });
  }

  it('4: takes a failed discovery for an unknown outcome', async () => {
    const [first = '', second = ''] = [server.connectionString, server.connectionString].map((url) =>
      url.slice(7, -10),
    );
    const cluster = fixture.engine(`esdb://${first},${second}?tls=false&maxDiscoverAttempts=1`);
    await cluster.start();
    server.breakConnections();
    server.faults.add('gossip', { kind: 'status', code: UNAVAILABLE, details: 'no quorum' }, 6);

    expect(
      (await cluster.append({ stream: newStream(), expectedRevision: -1, events: [newEvent()], inline: [] })).revision,
    ).to.equal(0);
  });

  it('5: follows the leader, with the same ids', async () => {
    const leader = await new EventStoreDbServer().start();
    server.follow({ host: '127.0.0.1', port: leader.port });
    const stream = newStream();
    const event = newEvent();
    await append(stream, -1, event);

    expect(leader.log.all.map(({ id }) => id)).to.deep.equal([event.id]);
    expect(server.log.all).to.have.length(0);
    expect((await engine.read(stream, 0, 10)).map(({ id }) => id)).to.deep.equal([event.id]);
    await leader.stop();
  });

  it('6: leaves no read open, not even one that fails half-way, and stops at once', async () => {
    const stream = newStream();
    for (let revision = -1; revision < 5; revision += 1)
      await append(stream, revision, newEvent({ text: 'x'.repeat(100_000) }));
    for (let count = 0; count < 20; count += 1) {
      await engine.read(stream, 0, 1);
      await engine.readBackwards(stream, 1);
      await engine.readAll(0n, 1);
      await engine.head();
    }
    server.faults.add('read', { kind: 'silence' }, 1);
    expect(await engine.read(stream, 0, 1)).to.have.length(1);
    await eventually(() => server.open.reads === 0);

    await engine.stop();
    expect(fixture.messages.filter((message) => message.includes('letting go'))).to.deep.equal([]);
  });

  it('7: leaves no subscription behind on the server', async () => {
    const stop = engine.onGrowth(() => undefined);
    await eventually(() => server.open.subscriptions === 1);
    stop();
    await eventually(() => server.open.subscriptions === 0);
  });

  it('8, 9: takes no position from a checkpoint, which overtakes events that were not handled yet', async () => {
    const wanted: string[] = [];
    const seen: string[] = [];
    let upTo = 0n;
    let begin = (): void => undefined;
    // A reader that is far behind when it begins.
    let reading = new Promise<void>((resolve) => (begin = resolve));
    const read = async (): Promise<void> => {
      const page = await engine.readAll(upTo, 3, { categories: ['session'] });
      seen.push(...page.events.map(({ id }) => id));
      upTo = page.upTo;
      if (!page.atHead) await read();
    };
    engine.onGrowth(() => {
      reading = reading.then(read);
    });
    // More than the server looks at between two checkpoints.
    for (let count = 0; count < 120; count += 1) {
      const event = newEvent();
      const isWanted = count % 7 === 0;
      if (isWanted) wanted.push(event.id);
      await append(newStream(isWanted ? 'session' : 'user'), -1, event);
    }
    begin();
    const last = server.log.all.at(-1)?.position ?? 0n;
    await eventually(() => upTo === last);

    expect(seen).to.deep.equal(wanted);
  });

  for (const [name, end] of Object.entries({
    'with OK': () => server.endSubscriptions(),
    'with the connection': () => server.breakConnections(),
  })) {
    it(`10: subscribes again when a subscription ends ${name}, and announces what may have been missed`, async () => {
      let announcements = 0;
      engine.onGrowth(() => (announcements += 1));
      await eventually(() => announcements === 1);
      const before = server.faults.calls('subscribe');
      server.faults.add('subscribe', { kind: 'status', code: UNAVAILABLE, details: 'Server Is Not Ready' }, 2);
      end();

      await eventually(() => announcements === 2);
      expect(server.faults.calls('subscribe')).to.equal(before + 3);
      await append(newStream(), -1, newEvent());
      await eventually(() => announcements > 2);
    });
  }

  it('10: a subscription that delivers everything twice announces, and nothing is read twice', async () => {
    server.faults.add('subscribe', { kind: 'duplicate' }, 1);
    let announcements = 0;
    engine.onGrowth(() => (announcements += 1));
    await eventually(() => announcements > 0);
    await append(newStream(), -1, newEvent(), newEvent());

    expect((await engine.readAll(0n, 10)).events).to.have.length(2);
  });

  for (const bytes of [Buffer.from('{"a": 1'), Buffer.from([0xff, 0xfe]), Buffer.alloc(0)]) {
    it(`11: hands the client only what it can write: ${JSON.stringify(bytes)}`, async () => {
      const stream = newStream();
      await append(stream, -1, { ...newEvent(), data: bytes, metadata: bytes });
      const [event] = await engine.read(stream, 0, 1);

      expect(event?.data).to.deep.equal(new Uint8Array(bytes));
      expect(event?.metadata).to.deep.equal(new Uint8Array(bytes));
    });
  }

  it('12: asks for no server features, whose refusal the client would remember for ever', async () => {
    server.faults.add('features', { kind: 'status', code: PERMISSION_DENIED, details: 'Access Denied' }, 100);
    await append(newStream(), -1, newEvent());

    expect(server.faults.calls('features')).to.equal(0);
  });

  it('14: takes no revision out of a conflict, and tells its own append from another', async () => {
    const stream = newStream();
    const [mine, other] = [[newEvent(), newEvent()], newEvent()];
    const first = await append(stream, -1, ...mine);
    await append(stream, 1, other);

    expect(await rejection(append(stream, 7, newEvent()))).to.be.instanceOf(RevisionConflict);
    expect(await rejection(append(newStream(), 7, newEvent()))).to.be.instanceOf(RevisionConflict);
    expect(await rejection(append(stream, -1, ...mine.slice(0, 1), newEvent()))).to.be.instanceOf(RevisionConflict);
    expect(await append(stream, -1, ...mine)).to.deep.equal(first);
  });

  it('14: a conflict about our own events, which an earlier attempt stored, is a success', async () => {
    const stream = newStream();
    const events = [newEvent(), newEvent()];
    const first = await append(stream, -1, ...events);
    const wrongVersion = { kind: 'wrong-version', current: 1n } as const;
    const { append: real } = server.log;
    server.log.append = () => wrongVersion;

    expect(await append(stream, -1, ...events)).to.deep.equal(first);
    server.log.append = real;
  });

  it('15: refuses to append nothing, which the server would answer with revision 0', async () => {
    expect(await rejection(append(newStream(), -1))).to.be.instanceOf(RangeError);
    expect(server.faults.calls('append')).to.equal(0);
  });

  it('17: refuses to run where the client would print the password', async () => {
    const secret = 'correct-horse';
    const withPassword = server.connectionString.replace('://', `://admin:${secret}@`);
    const printed: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text: string | Uint8Array) => printed.push(String(text)) > 0;
    const errors = [];
    for (const suffix of ['&tlsVerifyCert=false', '&unheardOf=1', '&keepAliveInterval=often']) {
      errors.push(await rejection(fixture.engine(withPassword + suffix).start()));
    }
    errors.push(await rejection(fixture.engine(withPassword.replace('://', '//')).start()));
    process.env['DEBUG'] = 'express,esdb:*';
    errors.push(await rejection(fixture.engine(withPassword).start()));
    delete process.env['DEBUG'];
    process.stderr.write = write;

    for (const { message } of errors) {
      expect(message).to.match(/^ANNAL_EVENTSTORE: /);
      expect(message).not.to.contain(secret);
    }
    expect(printed).to.deep.equal([]);
  });
});
