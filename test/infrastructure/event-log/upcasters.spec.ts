import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { expect } from 'chai';
import { catalogue } from '../../../src/domain/catalogue.js';
import type { Message } from '../../../src/domain/decider.js';
import { EventCodec } from '../../../src/infrastructure/event-log/codec.js';
import { UnreadableEvent } from '../../../src/infrastructure/event-log/unreadable.js';
import { upcast, upcasters } from '../../../src/infrastructure/event-log/upcasters.js';
import { decodeSample, readSamples, sampleFile } from '../../support/event-samples.js';
import { inClear } from '../../support/in-clear.js';
import { exampleEvents } from '../../support/example-events.js';
import { MemoryVault } from '../../support/memory-vault.js';

const samples = readSamples();
const examples: Readonly<Record<string, Message>> = exampleEvents;

/** Every path of a value with the kind of thing that stands there; the elements of an array share one path. */
function shape(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${path}: ${value === null ? 'null' : typeof value}`];
  const members = Array.isArray(value) ? value.map((element) => ['[]', element]) : Object.entries(value);
  return [...new Set(members.flatMap(([key, member]) => shape(member, `${path}/${String(key)}`)))].sort();
}

/** Where an event has a list without elements, nothing can be said of them. */
function emptyLists(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value) && value.length === 0) return [`${path}/[]`];
  const members = Array.isArray(value) ? value.map((element) => ['[]', element]) : Object.entries(value);
  return members.flatMap(([key, member]) => emptyLists(member, `${path}/${String(key)}`));
}

describe('stored events, for ever', () => {
  for (const [type, { version }] of Object.entries(catalogue)) {
    it(`${type} has a sample of each of its ${version} versions (npm run samples)`, () => {
      for (let past = 1; past <= version; past++) {
        expect(existsSync(sampleFile(type, past)), basename(sampleFile(type, past))).to.equal(true);
      }
    });
  }

  for (const sample of samples) {
    it(`${sample.type} version ${sample.version} still reads as today's event`, async () => {
      const decoded = await decodeSample(sample);
      if (decoded instanceof UnreadableEvent) throw decoded;
      const event = inClear(decoded.event);
      // A difference here means: raise the version in the catalogue and write an upcaster; the sample stays as it is.
      const lists = emptyLists(event);
      const expected = shape(inClear(examples[sample.type])).filter(
        (one) => !lists.some((list) => one.startsWith(list)),
      );
      expect(shape(event)).to.deep.equal(expected);
      if (sample.version === catalogue[decoded.event.type as keyof typeof catalogue].version) {
        expect(event).to.deep.equal(sample.event);
      }
    });
  }

  it('refuses a catalogue and upcasters that do not fit together', () => {
    const types = { 'a.b': { version: 3, retention: 'account' } } as const;
    const step = (): object => ({});
    expect(() => new EventCodec(types, { 'a.b': [step as never] }, new MemoryVault())).to.throw(
      'a.b is at version 3 and has 1 upcasters',
    );
    expect(() => new EventCodec(catalogue, upcasters, new MemoryVault())).not.to.throw();
  });

  it('takes the steps from the stored version on, in order', () => {
    const append =
      (text: string) =>
      (data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
        text: `${String(data.text)}${text}`,
      });
    const steps = [append('2'), append('3'), append('4')];
    expect(upcast(steps, 1, { text: '' })).to.deep.equal({ text: '234' });
    expect(upcast(steps, 3, { text: '' })).to.deep.equal({ text: '4' });
    expect(upcast(steps, 4, { text: '' })).to.deep.equal({ text: '' });
  });
});
