import { expect } from 'chai';
import type { EngineFilter, StoredEvent } from '../../../src/infrastructure/event-log/log-engine.js';
import { everythingAfter, grownUntil, ids, newAppend, newStream, newTenant, type Subject } from './subject.js';

export function readingStreams(subject: Subject): void {
  it('reads a missing stream as empty, in both directions', async () => {
    const { engine } = subject();

    expect(await engine.read(newStream(), 0, 10)).to.deep.equal([]);
    expect(await engine.readBackwards(newStream(), 10)).to.deep.equal([]);
  });

  it('reads from a revision, and no more than asked for', async () => {
    const { engine } = subject();
    const stream = newStream();
    const { events } = newAppend(stream, -1, 6);
    await engine.append(newAppend(stream, -1, events.slice(0, 4)));
    await engine.append(newAppend(stream, 3, events.slice(4)));

    expect(ids(await engine.read(stream, 2, 3))).to.deep.equal(ids(events).slice(2, 5));
    expect(ids(await engine.read(stream, 5, 3))).to.deep.equal(ids(events).slice(5));
    expect(await engine.read(stream, 6, 3)).to.deep.equal([]);
    expect(ids(await engine.readBackwards(stream, 2))).to.deep.equal([ids(events)[5], ids(events)[4]]);
    expect(await engine.readBackwards(stream, 10)).to.deep.equal([...(await engine.read(stream, 0, 10))].reverse());
  });

  it('answers many who read at once, each with their own stream, also the same one twice', async () => {
    const { engine } = subject();
    const appends = [1, 2, 3, 4, 5, 6].map((count) => newAppend(newStream(), -1, count));
    for (const append of appends) await engine.append(append);
    const asked = [...appends, ...appends].flatMap(({ stream, events }) => [
      { stream, from: 0, max: 10, told: ids(events) },
      { stream, from: 1, max: 2, told: ids(events).slice(1, 3) },
      { stream: newStream(), from: 0, max: 10, told: [] },
    ]);
    const answers = await Promise.all(asked.map(({ stream, from, max }) => engine.read(stream, from, max)));

    expect(answers.map(ids)).to.deep.equal(asked.map(({ told }) => told));
  });
}

export function readingEverything(subject: Subject): void {
  const [tenant, neighbour] = [newTenant(), newTenant()];
  /** Position before the first of these events. */
  let start: bigint;
  let written: readonly StoredEvent[];

  before(async () => {
    const { engine } = subject();
    start = await engine.head();
    for (let n = 0; n < 4; n += 1) {
      await engine.append(newAppend(newStream('session', tenant), -1, 2));
      await engine.append(newAppend(newStream('grant', neighbour), -1));
      await engine.append(newAppend(newStream('grant', tenant), -1));
      await engine.append(newAppend(newStream('user', neighbour), -1));
    }
    written = await everythingAfter(engine, start);
  });

  const filters: readonly (readonly [string, EngineFilter | undefined, number])[] = [
    ['everything', undefined, 20],
    ['one category', { categories: ['grant'] }, 8],
    ['two categories', { categories: ['session', 'user'] }, 12],
    ['one tenant', { tenant }, 12],
    ['a category of one tenant', { categories: ['grant'], tenant }, 4],
    ['what does not exist', { categories: ['nothing'] }, 0],
    ['no category at all', { categories: [] }, 0],
  ];

  const matches = (event: StoredEvent, { categories, tenant: wanted }: EngineFilter = {}): boolean =>
    (categories === undefined || categories.some((category) => event.stream.startsWith(`${category}-`))) &&
    (wanted === undefined || event.stream.includes(`-${wanted}_`));

  it('shows all streams in one order, with time never running backwards', () => {
    const positions = written.map(({ position }) => position);
    const times = written.map(({ recordedAt }) => recordedAt);

    expect(written).to.have.length(20);
    expect(positions).to.deep.equal([...positions].sort((left, right) => (left < right ? -1 : 1)));
    expect(new Set(positions).size).to.equal(20);
    expect(times).to.deep.equal([...times].sort());
    for (const time of times) expect(time).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  for (const [what, filter, count] of filters) {
    it(`reads ${what} forwards, in pages, up to the head`, async () => {
      const { engine } = subject();
      const read: StoredEvent[] = [];
      let page = await engine.readAll(start, 3, filter);
      for (; !page.atHead; page = await engine.readAll(page.upTo, 3, filter)) {
        expect(page.events).to.have.length(3);
        expect(page.upTo).to.equal(page.events[2]?.position);
        read.push(...page.events);
      }
      read.push(...page.events);

      expect(read).to.have.length(count);
      expect(read).to.deep.equal(written.filter((event) => matches(event, filter)));
      expect(page.upTo >= (written.at(-1)?.position ?? 0n)).to.equal(true);
    });

    it(`reads ${what} backwards, in pages`, async () => {
      const { engine } = subject();
      const read: StoredEvent[] = [];
      let page = await engine.readAllBackwards(undefined, 3, filter);
      for (; page.events.length === 3; page = await engine.readAllBackwards(page.upTo, 3, filter)) {
        expect(page.upTo).to.equal(page.events[2]?.position);
        read.push(...page.events);
      }
      read.push(...page.events);

      expect(read.filter(({ position }) => position > start)).to.deep.equal(
        written.filter((event) => matches(event, filter)).reverse(),
      );
      expect((await engine.readAllBackwards(page.upTo, 3, filter)).events).to.deep.equal([]);
    });
  }

  it('is at the head when a page ends there, and not when one event is left', async () => {
    const { engine } = subject();

    expect((await engine.readAll(start, 19)).atHead).to.equal(false);
    expect((await engine.readAll(start, 20)).atHead).to.equal(true);
  });

  it('reads nothing after the head and is at it, and nothing before the first event', async () => {
    const { engine } = subject();
    const head = await engine.head();

    expect(await engine.readAll(head, 10)).to.deep.equal({ events: [], upTo: head, atHead: true });
    expect((await engine.readAllBackwards(0n, 10)).events).to.deep.equal([]);
  });

  it('leaves the event out that a position names', async () => {
    const { engine } = subject();
    const [first, second, third] = written;
    if (first === undefined || second === undefined || third === undefined) throw new Error('nothing was written');

    expect(ids((await engine.readAll(first.position, 1)).events)).to.deep.equal([second.id]);
    expect(ids((await engine.readAllBackwards(third.position, 1)).events)).to.deep.equal([second.id]);
  });
}

export function growth(subject: Subject): void {
  it('knows the position of its last event', async () => {
    const { engine, another } = subject();
    const { position } = await engine.append(newAppend(newStream(), -1));

    expect((await engine.head()) >= position).to.equal(true);
    expect(await (await another()).head()).to.equal(await engine.head());
  });

  it('announces its own appends and those of other instances', async () => {
    const { engine, another } = subject();
    const other = await another();
    for (const writer of [engine, other]) {
      let appended: bigint | undefined;
      const announced = grownUntil(engine, async () => appended !== undefined && (await engine.head()) >= appended);
      for (let n = 0; n < 2; n += 1) appended = (await writer.append(newAppend(newStream(), -1))).position;
      await announced;
    }
  });

  it('stops announcing to whoever asked it to', async () => {
    const { engine } = subject();
    let unwanted = 0;
    const stop = engine.onGrowth(() => {
      unwanted += 1;
    });
    stop();
    const announced = new Promise<void>((resolve) => {
      const done = engine.onGrowth(() => {
        done();
        resolve();
      });
    });
    await engine.append(newAppend(newStream(), -1));
    await announced;

    expect(unwanted).to.equal(0);
  });

  it('has one epoch, whichever instance is asked', async () => {
    const { engine, another } = subject();

    expect(engine.epoch()).to.match(/^[^.\s]+$/);
    expect((await another()).epoch()).to.equal(engine.epoch());
  });
}
