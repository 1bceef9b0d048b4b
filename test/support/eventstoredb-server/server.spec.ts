import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AppendExpectedRevision,
  type AppendToStreamOptions,
  EventStoreDBClient,
  excludeSystemEvents,
  jsonEvent,
  type ResolvedEvent,
  streamNameFilter,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { EventStoreDbServer } from './server.js';

const event = (id: string = randomUUID(), text = 'short') =>
  jsonEvent({ id, type: 'fact', data: { text }, metadata: { m: 1 } });

async function collect(stream: AsyncIterable<ResolvedEvent>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { event } of stream) ids.push(event?.id ?? '');
  return ids;
}

const refusalOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error as { type?: string }).type ?? String(error),
  );

describe('the EventStoreDB test server', () => {
  let server: EventStoreDbServer;
  let client: EventStoreDBClient;

  beforeEach(async () => {
    server = await new EventStoreDbServer().start();
    client = EventStoreDBClient.connectionString(server.connectionString);
  });
  afterEach(async () => {
    await server.stop();
  });

  const modes: Readonly<Record<string, AppendToStreamOptions>> = {
    plain: { credentials: { username: 'any', password: 'any' } },
    batched: {},
  };
  for (const [mode, options] of Object.entries(modes)) {
    describe(`${mode} appends`, () => {
      const append = (
        stream: string,
        expectedRevision: AppendExpectedRevision,
        ...events: ReturnType<typeof event>[]
      ) => client.appendToStream(stream, events, { ...options, expectedRevision });

      it('checks every kind of expected revision', async () => {
        expect(await refusalOf(append('a-1', 'stream_exists', event()))).to.equal('wrong-expected-version');
        expect((await append('a-1', 'no_stream', event(), event())).nextExpectedRevision).to.equal(1n);
        expect(await refusalOf(append('a-1', 'no_stream', event()))).to.equal('wrong-expected-version');
        expect(await refusalOf(append('a-1', 7n, event()))).to.equal('wrong-expected-version');
        expect(await refusalOf(append('a-1', 0n, event()))).to.equal('wrong-expected-version');
        expect((await append('a-1', 1n, event())).nextExpectedRevision).to.equal(2n);
        expect((await append('a-1', 'stream_exists', event())).nextExpectedRevision).to.equal(3n);
        expect((await append('a-1', 'any', event())).nextExpectedRevision).to.equal(4n);
        expect(server.faults.calls(mode === 'plain' ? 'append' : 'batchAppend')).to.equal(8);
      });

      it('answers a repeated append as the first time, and refuses one that stands in part', async () => {
        const [first, second, other] = [event(), event(), event()];
        const answer = await append('a-1', 'no_stream', first, second);
        await append('a-1', 1n, event());

        expect(await append('a-1', 'no_stream', first, second)).to.deep.equal(answer);
        expect(await append('a-1', 'any', first, second)).to.deep.equal(answer);
        expect(await refusalOf(append('a-1', 'no_stream', first, other))).to.equal('wrong-expected-version');
        expect(await refusalOf(append('a-1', 'any', first, other))).to.equal('wrong-expected-version');
        expect(server.log.all).to.have.length(3);
      });

      it('counts on after a soft delete and refuses everything after a tombstone', async () => {
        await append('a-1', 'no_stream', event(), event());
        await client.deleteStream('a-1', { expectedRevision: 1n });
        expect(await refusalOf(collect(client.readStream('a-1')))).to.equal('stream-not-found');
        expect((await append('a-1', 'no_stream', event())).nextExpectedRevision).to.equal(2n);
        expect(await collect(client.readStream('a-1'))).to.have.length(1);

        await client.tombstoneStream('a-1');
        expect(await refusalOf(append('a-1', 'any', event()))).to.equal('stream-deleted');
        expect(await refusalOf(collect(client.readStream('a-1')))).to.equal('stream-deleted');
      });

      it('refuses more than 1 MiB at once', async () => {
        const large = () => event(randomUUID(), 'x'.repeat(600_000));

        expect(await refusalOf(append('a-1', 'no_stream', large(), large()))).to.equal('maximum-append-size-exceeded');
      });
    });
  }

  it('hides what the stream metadata truncates, but not in $all', async () => {
    await client.appendToStream('a-1', [event(), event(), event(), event()]);
    await client.setStreamMetadata('a-1', { maxCount: 3 });
    expect(await collect(client.readStream('a-1'))).to.have.length(3);
    await client.setStreamMetadata('a-1', { truncateBefore: 3 });
    expect(await collect(client.readStream('a-1'))).to.have.length(1);
    expect(await collect(client.readAll())).to.have.length(6);
  });

  it('reads streams and $all in both directions, forwards from and backwards before a position', async () => {
    const ids = ['a', 'b', 'c'].map(() => randomUUID());
    for (const id of ids) await client.appendToStream('a-1', event(id));
    const [, second] = server.log.all;
    const position = { commit: second?.position ?? 0n, prepare: second?.position ?? 0n };

    expect(await collect(client.readStream('a-1', { fromRevision: 1n }))).to.deep.equal(ids.slice(1));
    expect(
      await collect(client.readStream('a-1', { direction: 'backwards', fromRevision: 'end', maxCount: 2 })),
    ).to.deep.equal(ids.toReversed().slice(0, 2));
    expect(await collect(client.readAll({ fromPosition: position }))).to.deep.equal(ids.slice(1));
    expect(await collect(client.readAll({ fromPosition: position, direction: 'backwards' }))).to.deep.equal(
      ids.slice(0, 1),
    );
    const between = { commit: position.commit - 1n, prepare: position.commit - 1n };
    expect(await refusalOf(collect(client.readAll({ fromPosition: between })))).to.equal('unknown');
  });

  it('serves filtered subscriptions: history, caught up, then live, with checkpoints', async () => {
    for (let count = 0; count < 40; count += 1) await client.appendToStream('b-1', event());
    const wanted = [randomUUID(), randomUUID()];
    await client.appendToStream('a-1', event(wanted[0]));
    const seen: string[] = [];
    let checkpoints = 0;
    const filter = streamNameFilter({
      prefixes: ['a-'],
      checkpointInterval: 1,
      checkpointReached: async () => void (checkpoints += 1),
    });
    const subscription = client.subscribeToAll({ filter });
    subscription.on('caughtUp', () => void client.appendToStream('a-1', event(wanted[1])));
    for await (const { event } of subscription) {
      seen.push(event?.id ?? '');
      if (seen.length === 2) break;
    }
    await subscription.unsubscribe();

    expect(seen).to.deep.equal(wanted);
    expect(checkpoints).to.equal(1);
  });

  it('ends subscriptions with OK when told to', async () => {
    const subscription = client.subscribeToAll({ fromPosition: 'end', filter: excludeSystemEvents() });
    subscription.on('caughtUp', () => server.endSubscriptions());

    expect(await collect(subscription)).to.deep.equal([]);
    expect(server.open.subscriptions).to.equal(0);
  });

  it('keeps what it acknowledged in its file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'annal-eventstoredb-'));
    const dataFile = join(folder, 'events.jsonl');
    const first = await new EventStoreDbServer({ dataFile }).start();
    const ids = [randomUUID(), randomUUID()];
    await EventStoreDBClient.connectionString(first.connectionString).appendToStream(
      'a-1',
      ids.map((id) => event(id)),
    );
    await first.stop();
    const second = await new EventStoreDbServer({ dataFile }).start();

    const read = EventStoreDBClient.connectionString(second.connectionString).readStream('a-1');
    expect(await collect(read)).to.deep.equal(ids);
    await second.stop();
    rmSync(folder, { recursive: true });
  });
});
