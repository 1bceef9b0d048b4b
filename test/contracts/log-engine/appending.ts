import { expect } from 'chai';
import { RevisionConflict } from '../../../src/application/ports/event-log.js';
import { rejection } from '../../support/rejection.js';
import { contents, ids, newAppend, newEvent, newEvents, newStream, type Subject } from './subject.js';

export function appending(subject: Subject): void {
  it('numbers the events of a stream from 0 and answers with the last one', async () => {
    const { engine } = subject();
    const stream = newStream();
    const first = await engine.append(newAppend(stream, -1, 3));
    const second = await engine.append(newAppend(stream, 2, 2));
    const events = await engine.read(stream, 0, 10);

    expect(events.map(({ revision }) => revision)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(events.map((event) => event.stream)).to.deep.equal(Array(5).fill(stream));
    const places = events.map(({ revision, position, recordedAt }) => ({ revision, position, recordedAt }));
    expect([first, second]).to.deep.equal([places[2], places[4]]);
  });

  it('keeps every byte of data and metadata, and id and type', async () => {
    const { engine } = subject();
    const stream = newStream();
    const texts = [
      '{ "a" : 1.0,\n"b":"\\u00e9\\\\\\"" }',
      '{"ü":"日本 😀","e":""}',
      '{}',
      '{"deep":"\\\\x00 \\\\\\\\"}',
    ];
    const events = texts.map((text, n) => ({
      ...newEvent(text),
      type: `thing.happened-${n}`,
      metadata: Buffer.from(`{"m": "${n} \\"Ω\\" "}`),
    }));
    await engine.append(newAppend(stream, -1, events));

    expect((await engine.read(stream, 0, 10)).map(contents)).to.deep.equal(events.map(contents));
  });

  it('keeps a large event', async () => {
    const { engine } = subject();
    const stream = newStream();
    const large = newEvent(JSON.stringify({ text: 'Größe "\\ '.repeat(25_000) }));
    await engine.append(newAppend(stream, -1, [large]));

    expect((await engine.read(stream, 0, 1)).map(contents)).to.deep.equal([contents(large)]);
  });

  for (const [what, existing, expected] of [
    ['a revision that is behind the stream', 3, 1],
    ['a revision that is ahead of the stream', 3, 3],
    ['no stream where there is one', 3, -1],
    ['a stream where there is none', 0, 0],
  ] as const) {
    it(`refuses an append that expects ${what}, and records nothing`, async () => {
      const { engine } = subject();
      const stream = newStream();
      if (existing > 0) await engine.append(newAppend(stream, -1, existing));
      const error = await rejection(engine.append(newAppend(stream, expected)));

      expect(error).to.be.instanceOf(RevisionConflict);
      expect((error as RevisionConflict).stream).to.equal(stream);
      expect(await engine.read(stream, 0, 10)).to.have.length(existing);
    });
  }

  it('refuses an append without events', async () => {
    const { engine } = subject();
    const stream = newStream();

    expect(await rejection(engine.append(newAppend(stream, -1, [])))).to.be.instanceOf(RangeError);
    expect(await engine.read(stream, 0, 1)).to.deep.equal([]);
  });

  it('answers a repeated append as it did at first, also from another instance and after the stream went on', async () => {
    const { engine, another } = subject();
    const stream = newStream();
    const append = newAppend(stream, -1, 2);
    const first = await engine.append(append);
    await engine.append(newAppend(stream, 1, 3));

    expect(await engine.append(append)).to.deep.equal(first);
    expect(await (await another()).append(append)).to.deep.equal(first);
    expect(await engine.read(stream, 0, 10)).to.have.length(5);
  });

  it('records an append that is sent many times at once exactly once', async () => {
    const { engine } = subject();
    const stream = newStream();
    const append = newAppend(stream, -1, 2);
    const answers = await Promise.all(Array.from({ length: 16 }, () => engine.append(append)));

    expect(new Set(answers.map(({ position }) => position)).size).to.equal(1);
    expect(ids(await engine.read(stream, 0, 10))).to.deep.equal(ids(append.events));
  });

  it('refuses an append of which only the beginning, or only the end, stands at its place', async () => {
    const { engine } = subject();
    const stream = newStream();
    const standing = newEvents(2);
    await engine.append(newAppend(stream, -1, standing));
    const [first = newEvent(), second = newEvent()] = standing;

    for (const events of [
      [first, newEvent()],
      [newEvent(), second],
      [second, first],
    ]) {
      expect(await rejection(engine.append(newAppend(stream, -1, events)))).to.be.instanceOf(RevisionConflict);
    }
    expect(ids(await engine.read(stream, 0, 10))).to.deep.equal(ids(standing));
  });
}
