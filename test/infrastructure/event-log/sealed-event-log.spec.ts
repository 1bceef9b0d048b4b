import { expect } from 'chai';
import {
  type Append,
  type CommandContext,
  ForeignEpoch,
  type Position,
  RevisionConflict,
  streamName,
} from '../../../src/application/ports/event-log.js';
import type { Message } from '../../../src/domain/decider.js';
import { type Instant, type Personal, personal, type TenantId, type UserId } from '../../../src/domain/values.js';
import { EventCodec, type EventTypes } from '../../../src/infrastructure/event-log/codec.js';
import type { StoredEvent } from '../../../src/infrastructure/event-log/log-engine.js';
import { SealedEventLog } from '../../../src/infrastructure/event-log/sealed-event-log.js';
import { LogCorrupt, UnknownEventType } from '../../../src/infrastructure/event-log/unreadable.js';
import { MemoryLogEngine } from '../../support/memory-log-engine.js';
import { MemoryVault } from '../../support/memory-vault.js';
import { rejection } from '../../support/rejection.js';

const tenant = '0190a1b2-0000-7000-8000-000000000001' as TenantId;
const ada = '0190a1b2-0000-7000-8000-0000000000a1' as UserId;
const at = '2026-07-01T10:00:00.000Z' as Instant;
const stream = streamName('user', tenant, ada);
const types: EventTypes = {
  'user.registered': { version: 1, retention: 'account' },
  'user.renamed': { version: 1, retention: 'account' },
};

type Registered = Message<'user.registered', { user: UserId; email: Personal<string>; at: Instant }>;
const registered = (email: string): Registered => ({
  type: 'user.registered',
  user: ada,
  email: personal(ada, email),
  at,
});

const context = (commandId: string): CommandContext => ({
  tenant,
  actor: { kind: 'anonymous' },
  commandId,
  correlationId: 'corr',
  at,
});

describe('SealedEventLog', () => {
  let engine: MemoryLogEngine;
  let vault: MemoryVault;
  let log: SealedEventLog;

  beforeEach(async () => {
    engine = new MemoryLogEngine('e1');
    vault = new MemoryVault();
    log = new SealedEventLog(engine, new EventCodec(types, {}, vault));
    await vault.createTenant(tenant);
    await vault.createKey({ tenant, scope: 'person', id: ada });
  });

  const append = (expectedRevision: number, event: Message, commandId = `c${expectedRevision}`): Promise<unknown> =>
    log.append({ stream, expectedRevision, events: [event], context: context(commandId), inline: [] });

  const tamper = (index: number, change: Partial<StoredEvent>): void => {
    const stored = engine.log[index];
    if (stored !== undefined) engine.log[index] = { ...stored, ...change };
  };

  it('reads back what was appended, with its envelope', async () => {
    const full: Append = {
      stream,
      expectedRevision: -1,
      events: [registered('ada@example.org')],
      context: { ...context('c1'), causationId: 'cause', policyRevision: 4 },
      inline: [],
    };
    const appended = await log.append(full);
    expect(appended).to.deep.include({ revision: 0, position: 'e1.1' });
    expect(await log.read(stream, 0, 10)).to.deep.equal([
      {
        event: registered('ada@example.org'),
        id: engine.log[0]?.id,
        version: 1,
        stream,
        revision: 0,
        position: 'e1.1',
        tenant,
        actor: { kind: 'anonymous' },
        commandId: 'c1',
        correlationId: 'corr',
        causationId: 'cause',
        policyRevision: 4,
        occurredAt: at,
        recordedAt: appended.recordedAt,
        subjects: [ada],
        retention: 'account',
      },
    ]);
  });

  it('passes inline rows through', async () => {
    const row = { table: 'users_v1', key: 'k', tenant, id: ada, revision: 0, columns: { status: 'active' } };
    const events = [registered('a@b.c')];
    await log.append({ stream, expectedRevision: -1, events, context: context('c'), inline: [row] });
    expect([...engine.rows.values()]).to.deep.equal([row]);
  });

  it('stores no personal value in clear', async () => {
    await append(-1, registered('ada@example.org'));
    const stored = engine.log.map(({ data, metadata }) => `${Buffer.from(data)}${Buffer.from(metadata)}`).join();
    expect(stored).to.contain('"$sealed":"person:').and.not.contain('example.org');
  });

  it('answers a repeated command as the first time, whatever it was sealed to', async () => {
    await append(-1, registered('ada@example.org'), 'same');
    await append(-1, registered('ada@example.org'), 'same');
    expect(engine.log).to.have.length(1);
    expect(await rejection(append(-1, registered('x@y.z'), 'another'))).to.be.instanceOf(RevisionConflict);
  });

  it('opens an erased person as sealed values without a value (PR-02)', async () => {
    await append(-1, registered('ada@example.org'));
    await vault.destroyKey({ tenant, scope: 'person', id: ada });
    const [recorded] = await log.read(stream, 0, 1);
    const { email } = recorded?.event as Registered;
    expect(email).to.deep.include({ scope: 'person', key: ada, value: undefined });
  });

  it('reads the whole log forwards and backwards by position', async () => {
    for (const index of [0, 1, 2]) await append(index - 1, registered(`${index}@example.org`));
    const first = await log.readAll(undefined, 2);
    expect(first.events.map(({ position }) => position)).to.deep.equal(['e1.1', 'e1.2']);
    expect(first).to.include({ upTo: 'e1.2', atHead: false });
    expect(await log.readAll(first.upTo, 2)).to.deep.include({ upTo: 'e1.3', atHead: true });
    const newest = await log.readAllBackwards(undefined, 2);
    expect(newest.events.map(({ revision }) => revision)).to.deep.equal([2, 1]);
    expect((await log.readAllBackwards(newest.upTo, 2)).events.map(({ revision }) => revision)).to.deep.equal([0]);
    expect((await log.readBackwards(stream, 1)).map(({ revision }) => revision)).to.deep.equal([2]);
    expect(await log.head()).to.equal('e1.3');
  });

  it('compares positions of its own epoch only', async () => {
    const position = (text: string): Position => text as Position;
    expect(log.compare(position('e1.9'), position('e1.10'))).to.equal(-1);
    expect(log.compare(position('e1.10'), position('e1.10'))).to.equal(0);
    expect(log.compare(position('e1.11'), position('e1.10'))).to.equal(1);
    for (const foreign of ['e0.9', 'e1.', 'e1.-1', 'e1', '9', 'e1.1e3']) {
      expect(() => log.compare(position(foreign), position('e1.10')), foreign).to.throw(ForeignEpoch);
    }
    expect(await rejection(log.readAll(position('e0.1'), 1))).to.be.instanceOf(ForeignEpoch);
  });

  it('hands on everything before an event that cannot be read, then names it', async () => {
    for (const index of [0, 1, 2]) await append(index - 1, registered(`${index}@example.org`));
    tamper(1, { data: Buffer.from('{}') });
    const page = await log.readAll(undefined, 10);
    expect(page.events).to.have.length(1);
    expect(page).to.include({ upTo: 'e1.1', atHead: false });
    const failure = await rejection(log.readAll(page.upTo, 10));
    expect(failure).to.be.instanceOf(LogCorrupt).and.include({ stream, revision: 1, position: 'e1.2' });
    expect((await log.readAll('e1.2' as Position, 10)).events).to.have.length(1);
    expect(await rejection(log.read(stream, 0, 10))).to.be.instanceOf(LogCorrupt);
  });

  it('knows a type that a newer program wrote from damage', async () => {
    const newer = new EventCodec({ ...types, 'user.beamed': { version: 1, retention: 'account' } }, {}, vault);
    const event: Message = { type: 'user.beamed' };
    await new SealedEventLog(engine, newer).append({
      stream,
      expectedRevision: -1,
      events: [event],
      context: context('c'),
      inline: [],
    });
    expect(await rejection(log.readAll(undefined, 1))).to.be.instanceOf(UnknownEventType);
  });
});
