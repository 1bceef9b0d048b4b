import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { pino } from 'pino';
import { type Append, type Position, type Recorded, streamName } from '../../../src/application/ports/event-log.js';
import { KeyMissing } from '../../../src/application/ports/vault.js';
import type { Message } from '../../../src/domain/decider.js';
import { type Instant, type KeyScope, Sealed, type TenantId } from '../../../src/domain/values.js';
import { EventCodec, type EventTypes, eventId } from '../../../src/infrastructure/event-log/codec.js';
import { type Envelope, writeEnvelope } from '../../../src/infrastructure/event-log/envelope.js';
import type { StoredEvent } from '../../../src/infrastructure/event-log/log-engine.js';
import {
  LogCorrupt,
  UnknownEventType,
  type UnreadableEvent,
} from '../../../src/infrastructure/event-log/unreadable.js';
import { NotStorable } from '../../../src/infrastructure/vault/sealed-json.js';
import { MemoryVault } from '../../support/memory-vault.js';
import { rejection } from '../../support/rejection.js';

const tenant = '0190a1b2-0000-7000-8000-000000000001' as TenantId;
const stream = streamName('thing', tenant, 'x');
const types: EventTypes = {
  'thing.happened': { version: 1, retention: 'security' },
  'thing.ended': { version: 1, retention: 'account' },
};
const canary = 'CANARY-ada@example.org';
const ids = ['ada', 'bob', 'with:colon', 'with|bar'];

/** What decoding answers, wherever the event stands. */
type Decoded = Recorded | UnreadableEvent | undefined;

describe('EventCodec', () => {
  let vault: MemoryVault;
  let codec: EventCodec;

  beforeEach(async () => {
    vault = new MemoryVault();
    codec = new EventCodec(types, {}, vault);
    await vault.createTenant(tenant);
    for (const id of ids) {
      for (const scope of ['person', 'credential'] as const) await vault.createKey({ tenant, scope, id });
    }
  });

  const appendOf = (...events: readonly Message[]): Append => ({
    stream,
    expectedRevision: 4,
    events,
    context: {
      tenant,
      actor: { kind: 'user', tenant, id: 'ada' },
      commandId: '0190a1b2-0000-7000-8000-00000000c0de',
      correlationId: 'corr',
      at: '2026-07-01T10:00:00.000Z' as Instant,
    },
    inline: [],
  });

  async function store(...events: readonly Message[]): Promise<readonly StoredEvent[]> {
    const encoded = await codec.encode(appendOf(...events));
    const recordedAt = '2026-07-01T10:00:00.001Z';
    return encoded.map((event, index) => ({
      ...event,
      stream,
      revision: 5 + index,
      position: BigInt(index + 1),
      recordedAt,
    }));
  }

  async function decode(stored: StoredEvent): Promise<Decoded> {
    return (await codec.decode([stored], (position) => `e.${position}` as Position))[0];
  }

  const happened = (data: object): Message => ({ ...data, type: 'thing.happened' });
  const sealed = (id: string, value: unknown, scope: KeyScope = 'person'): Sealed<unknown> =>
    new Sealed(scope, id, value);
  const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

  /** What somebody can do who may write to the log and has no key: change anything and compute the leaf hash anew. */
  function forge(stored: StoredEvent, change: Partial<StoredEvent>, envelope: Partial<Envelope> = {}): StoredEvent {
    const forged = { ...stored, ...change };
    const { leaf: _, ...known } = JSON.parse(textOf(stored.metadata)) as Envelope & { leaf: string };
    return { ...forged, metadata: writeEnvelope({ ...known, ...envelope }, forged) };
  }

  const name = fc.string().filter((text) => !text.startsWith('$') && text !== '__proto__' && text !== 'type');
  const clear = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constant(null),
      fc.boolean(),
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;
  const scope = fc.constantFrom<KeyScope>('person', 'credential', 'trace', 'tenant');
  const protectedValue = fc
    .tuple(scope, fc.constantFrom(...ids), clear)
    .map(([keyScope, id, value]) => sealed(id, value, keyScope));
  const data = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      clear,
      protectedValue,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;
  const event = fc.dictionary(name, data, { maxKeys: 4, noNullPrototype: true }).map(happened);

  it('gives back every event as it was', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 3 }), async (events) => {
        const decoded = await codec.decode(await store(...events), (position) => `e.${position}` as Position);
        expect(decoded.map((one) => (one as Recorded).event)).to.deep.equal(events);
      }),
    );
  });

  it('notices every flipped bit of what is stored', async () => {
    const [stored] = await store(happened({ user: 'ada', email: sealed('ada', canary), list: [1, { a: 'b' }] }));
    if (stored === undefined) throw new Error('nothing was stored');
    const flip = (bytes: Uint8Array, bit: number): Buffer => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      return copy;
    };
    for (const part of ['data', 'metadata'] as const) {
      for (let bit = 0; bit < stored[part].length * 8; bit++) {
        expect(await decode({ ...stored, [part]: flip(stored[part], bit) }), `${part} bit ${bit}`).to.be.instanceOf(
          LogCorrupt,
        );
      }
    }
  });

  it('notices an event that was moved, renamed or cut', async () => {
    const [stored] = await store(happened({ email: sealed('ada', canary) }));
    if (stored === undefined) throw new Error('nothing was stored');
    for (const change of [
      { stream: streamName('thing', tenant, 'y') },
      { revision: 6 },
      { id: eventId('other', stream, 0) },
      { type: 'thing.ended' },
      { data: stored.data.subarray(0, -1) },
      { data: new Uint8Array() },
      { metadata: new Uint8Array() },
      { metadata: stored.metadata.subarray(1) },
    ]) {
      expect(await decode({ ...stored, ...change }), inspect(change)).to.be.instanceOf(LogCorrupt);
    }
  });

  it('opens nothing that was moved, though its leaf hash was computed anew (PR-03)', async () => {
    const [one, two] = await store(
      happened({ email: sealed('ada', canary), other: sealed('ada', 'other') }),
      happened({ email: sealed('ada', 'second'), other: sealed('bob', 'bob') }),
    );
    if (one === undefined || two === undefined) throw new Error('nothing was stored');
    const fields = JSON.parse(textOf(one.data)) as Record<string, { $sealed: string }>;
    const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
    const rename = (from: string, to: string): Uint8Array => Buffer.from(textOf(one.data).replaceAll(from, to));
    const forgeries = [
      forge(one, { data: two.data }),
      forge(one, { data: json({ email: fields.other, other: fields.email }) }),
      forge(one, { data: json({ moved: fields.email, other: fields.other }) }),
      forge(one, { data: json({ email: [fields.email], other: fields.other }) }),
      forge(one, { data: rename('person:ada:', 'person:bob:') }),
      forge(one, { data: rename('person:ada:', 'credential:ada:') }),
      forge(one, { data: rename('person:ada:', 'person:nobody:') }),
      forge(one, { data: rename('person:ada:', 'root:ada:') }),
      forge(one, { data: rename(':v1.', ':v2.') }),
      forge(one, { data: json({ email: { ...fields.email, more: 1 } }) }),
      forge(one, { data: json({ email: { $sealed: 'person:ada' } }) }),
      forge(one, { data: json({ email: { $sealed: 'person:ada:' } }) }),
      forge(one, { data: json({ email: { $sealed: 7 } }) }),
      forge(one, { stream: streamName('thing', tenant, 'y') }),
      forge(one, { revision: 6 }),
      forge(one, { id: two.id }),
      forge(one, { type: 'thing.ended' }),
      forge(one, {}, { v: 0 }),
      forge(one, {}, { tenant: '0190a1b2-0000-7000-8000-000000000002' as TenantId }),
    ];
    for (const [index, forgery] of forgeries.entries()) {
      expect(await decode(forgery), `forgery ${index}`).to.be.instanceOf(LogCorrupt);
    }
    expect(await decode(forge(one, {}))).to.have.nested.property('event.email.value', canary);
  });

  it('keeps the neighbours of a broken event', async () => {
    const [one, two, three] = await store(happened({}), happened({ a: sealed('ada', 1) }), happened({}));
    if (one === undefined || two === undefined || three === undefined) throw new Error('nothing was stored');
    const page = await codec.decode([one, { ...two, type: 'thing.ended' }, three], () => 'e.1' as Position);
    expect(page.map((entry) => entry instanceof LogCorrupt)).to.deep.equal([false, true, false]);
  });

  it('knows what a newer program wrote from damage', async () => {
    const newer = new EventCodec(
      { 'thing.happened': { version: 2, retention: 'account' } },
      { 'thing.happened': [(old) => old] },
      vault,
    );
    const [encoded] = await newer.encode(appendOf(happened({})));
    if (encoded === undefined) throw new Error('nothing was encoded');
    const stored = { ...encoded, stream, revision: 5, position: 1n, recordedAt: '' };
    expect(await decode(stored)).to.be.instanceOf(UnknownEventType);
    expect(await decode({ ...stored, revision: 6 })).to.be.instanceOf(LogCorrupt);
  });

  it('brings an old shape up to date, sealed values included, also when they are gone', async () => {
    const [stored] = await store(happened({ mail: sealed('ada', canary) }));
    if (stored === undefined) throw new Error('nothing was stored');
    codec = new EventCodec(
      { 'thing.happened': { version: 2, retention: 'account' } },
      { 'thing.happened': [({ mail, ...rest }) => ({ ...rest, contact: { email: mail } })] },
      vault,
    );
    expect(await decode(stored)).to.deep.include({
      version: 1,
      event: happened({ contact: { email: sealed('ada', canary) } }),
    });
    await vault.destroyKey({ tenant, scope: 'person', id: 'ada' });
    expect(await decode(stored)).to.deep.include({ event: happened({ contact: { email: sealed('ada', undefined) } }) });
  });

  it('does not let a replaced verifier be opened (PR-06)', async () => {
    const [stored] = await store(
      happened({ verifier: sealed('ada', canary, 'credential'), name: sealed('ada', 'Ada') }),
    );
    if (stored === undefined) throw new Error('nothing was stored');
    await vault.destroyKey({ tenant, scope: 'credential', id: 'ada' });
    const kept = { verifier: sealed('ada', undefined, 'credential'), name: sealed('ada', 'Ada') };
    expect(await decode(stored))
      .to.have.property('event')
      .that.deep.equals(happened(kept));
  });

  it('seals nothing for a person without a key, or with a destroyed one (PR-07)', async () => {
    expect(await rejection(store(happened({ email: sealed('nobody', canary) })))).to.be.instanceOf(KeyMissing);
    await vault.destroyKey({ tenant, scope: 'person', id: 'ada' });
    expect(await rejection(store(happened({ email: sealed('ada', canary) })))).to.be.instanceOf(KeyMissing);
  });

  it('refuses what JSON would not give back, and names only the place', async () => {
    class Money {
      amount = canary;
    }
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const unstorable: Record<string, unknown> = {
      bigint: 1n,
      date: new Date(0),
      function: () => canary,
      symbol: Symbol(canary),
      map: new Map([[canary, canary]]),
      instance: new Money(),
      nan: Number.NaN,
      infinite: Number.POSITIVE_INFINITY,
      hole: [undefined],
      dollar: { $sealed: canary },
      prototype: JSON.parse('{"__proto__":{"a":1}}'),
      gone: sealed('ada', undefined),
      nested: sealed('ada', { inner: sealed('bob', canary) }),
      itself: sealed('ada', sealed('bob', canary)),
      date2: sealed('ada', new Date(0)),
      cyclic,
    };
    for (const [what, value] of Object.entries(unstorable)) {
      const failure = await rejection(store(happened({ list: [{ [what]: value }] })));
      expect(failure, what).to.be.instanceOf(NotStorable);
      expect(failure.message, what)
        .to.match(new RegExp(`^/list/0/${what}`))
        .and.not.contain('CANARY');
    }
    const unknown = await rejection(store({ type: 'thing.unheard-of' }));
    expect(unknown).to.have.property('message', 'the event type thing.unheard-of is not in the catalogue');
  });

  it('leaves undefined members out', async () => {
    const [stored] = await store(happened({ a: undefined, b: [{ c: undefined }] }));
    expect(stored && textOf(stored.data)).to.equal('{"b":[{}]}');
  });

  it('names an event after its command, stream and index, and the people it is about', async () => {
    const [one, two] = await store(happened({ user: 'ada' }), happened({ user: 7 }));
    const { commandId } = appendOf().context;
    expect(one?.id)
      .to.equal(eventId(commandId, stream, 0))
      .and.equal('b3587b3d-00ff-5463-8db1-410b7025358c');
    expect(two?.id).to.equal(eventId(commandId, stream, 1));
    expect(one && JSON.parse(textOf(one.metadata))).to.deep.include({ v: 1, subjects: ['ada'], retention: 'security' });
    expect(two && JSON.parse(textOf(two.metadata))).to.deep.include({ subjects: [] });
  });

  it('lets no sealed value out through bytes, JSON, inspection, text or a log line', async () => {
    const [stored] = await store(
      happened({ email: sealed('ada', canary), list: [sealed('ada', { deep: canary }, 'trace')] }),
    );
    if (stored === undefined) throw new Error('nothing was stored');
    const recorded = await decode(stored);
    let line = '';
    pino({}, { write: (text: string) => (line += text) }).info({ recorded }, 'read');
    const out = [
      textOf(stored.data),
      textOf(stored.metadata),
      inspect(recorded, { depth: 9 }),
      String(sealed('ada', canary)),
      line,
    ];
    expect(out.join()).not.to.contain('CANARY');
    expect(() => JSON.stringify(recorded)).to.throw('must not be serialised');
    expect(recorded).to.have.nested.property('event.email.value', canary);
  });
});
