import { expect } from 'chai';
import pg from 'pg';
import { LogUnavailable, RevisionConflict } from '../../../../src/application/ports/event-log.js';
import type { EngineAppend } from '../../../../src/infrastructure/event-log/log-engine.js';
import { OutdatedInstance } from '../../../../src/infrastructure/event-log/outdated-instance.js';
import type { Outcome } from '../../../../src/infrastructure/event-log/postgres/append-batch.js';
import {
  defaultLimits,
  Sequencer,
  type SequencerLimits,
} from '../../../../src/infrastructure/event-log/postgres/sequencer.js';
import { newAppend, newEvent, newStream } from '../../../contracts/log-engine/subject.js';
import { rejection } from '../../../support/rejection.js';

type Batch = readonly EngineAppend[];

const outcome: Outcome = { revision: 0, position: 1n, recordedAt: '2026-01-01T00:00:00.000Z' };

/** What PostgreSQL answers when it fails with this SQLSTATE. */
function failure(code: string): Error {
  return Object.assign(new pg.DatabaseError('it holds personal data', 0, 'error'), { code });
}

/** Records every batch; `commit` says how each one ends. */
class Rig {
  readonly sent: Batch[] = [];
  readonly sequencer: Sequencer;

  constructor(commit: (batch: Batch, attempt: number) => Promise<void> | void, limits: Partial<SequencerLimits> = {}) {
    const send = async (batch: Batch): Promise<readonly Outcome[]> => {
      this.sent.push(batch);
      await commit(batch, this.sent.length);
      return batch.map(() => outcome);
    };
    this.sequencer = new Sequencer(send, { ...defaultLimits, ...limits });
  }

  append(size = 1): Promise<unknown> {
    return this.sequencer.append(newAppend(newStream(), -1, [newEvent('x'.repeat(size))]));
  }

  many(count: number, size = 1): Promise<readonly unknown[]> {
    return Promise.all(Array.from({ length: count }, () => this.append(size)));
  }

  get sizes(): readonly number[] {
    return this.sent.map(({ length }) => length);
  }
}

/** A door that batches wait at. */
class Gate {
  open: () => void = () => undefined;
  readonly passed = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

describe('the group-commit sequencer', () => {
  it('sends a lone append at once', async () => {
    const rig = new Rig(() => undefined);
    await rig.append();
    await rig.append();

    expect(rig.sizes).to.deep.equal([1, 1]);
  });

  it('collects what comes while a batch is on its way', async () => {
    const gate = new Gate();
    const rig = new Rig((_, attempt) => (attempt === 1 ? gate.passed : undefined));
    const first = rig.append();
    while (rig.sent.length === 0) await new Promise(setImmediate);
    const rest = rig.many(30);
    gate.open();
    await Promise.all([first, rest]);

    expect(rig.sizes).to.deep.equal([1, 30]);
  });

  it('ends a batch at its number of appends and at its bytes, and lets a larger append go alone', async () => {
    const byNumber = new Rig(() => undefined, { batchAppends: 4 });
    await byNumber.many(10);
    const bySize = new Rig(() => undefined, { batchBytes: 1_000 });
    await Promise.all([bySize.append(100), bySize.append(5_000), bySize.many(10, 300)]);

    expect(byNumber.sizes).to.deep.equal([4, 4, 2]);
    expect(bySize.sizes).to.deep.equal([1, 1, 3, 3, 3, 1]);
  });

  it('refuses at once when too many appends, or too many bytes, are waiting', async () => {
    const gate = new Gate();
    const rig = new Rig(() => gate.passed, { queuedAppends: 3, queuedBytes: 2_000 });
    const running = rig.append();
    while (rig.sent.length === 0) await new Promise(setImmediate);
    const waiting = rig.many(2, 100);
    expect(await rejection(rig.append(5_000))).to.be.instanceOf(LogUnavailable);
    const last = rig.append();
    expect(await rejection(rig.append())).to.be.instanceOf(LogUnavailable);
    gate.open();
    await Promise.all([running, waiting, last]);

    expect(rig.sizes).to.deep.equal([1, 3]);
  });

  it('lets a spoilt append fail alone, without quoting what PostgreSQL said', async () => {
    const spoilt = newAppend(newStream(), -1);
    const rig = new Rig((batch) => {
      if (batch.includes(spoilt)) throw failure('22P02');
    });
    const good = rig.many(20);
    const error = await rejection(rig.sequencer.append(spoilt));
    await good;

    expect(error.message).to.contain(spoilt.stream).and.to.contain('22P02').and.not.to.contain('personal');
    expect(error).not.to.be.instanceOf(LogUnavailable);
    expect(rig.sent.length).to.be.lessThan(12);
  });

  it('answers with a conflict when PostgreSQL finds the ids elsewhere in the stream', async () => {
    const rig = new Rig(() => {
      throw Object.assign(failure('23505'), { constraint: 'events_from_1_origin_id' });
    });

    expect(await rejection(rig.append())).to.be.instanceOf(RevisionConflict);
  });

  it('sends the identical batch again until the outcome is known', async () => {
    const rig = new Rig((_, attempt) => {
      if (attempt < 3) throw new Error('Connection terminated unexpectedly');
    });
    await rig.many(5);

    expect(rig.sizes).to.deep.equal([5, 5, 5]);
    expect(rig.sent[1]).to.deep.equal(rig.sent[0]);
    expect(rig.sent[2]).to.deep.equal(rig.sent[0]);
  });

  it('gives up on an outcome that stays unknown', async () => {
    const rig = new Rig(
      () => {
        throw failure('57P03');
      },
      { resolving: 50 },
    );

    expect(await rejection(rig.append())).to.be.instanceOf(LogUnavailable);
    expect(rig.sent.length).to.be.at.least(1);
  });

  it('tells those who were never sent before it gives up on those who were', async () => {
    let told = false;
    const rig = new Rig(
      () => {
        if (!told) throw failure('57P03');
      },
      { resolving: 60_000, queueing: 1 },
    );
    const sent = rig.append();
    while (rig.sent.length === 0) await new Promise(setImmediate);
    expect(await rejection(rig.append())).to.be.instanceOf(LogUnavailable);
    told = true;
    await sent;

    expect(rig.sizes.every((size) => size === 1)).to.equal(true);
  });

  it('sends nothing again when the instance is outdated', async () => {
    const rig = new Rig(() => {
      throw failure('AN001');
    });
    const errors = await Promise.all(Array.from({ length: 3 }, () => rejection(rig.append())));

    for (const error of errors) expect(error).to.be.instanceOf(OutdatedInstance);
    expect(rig.sizes).to.deep.equal([3]);
  });

  it('waits for what it took when it is stopped, and takes no more', async () => {
    const gate = new Gate();
    const rig = new Rig(() => gate.passed);
    const taken = rig.many(3);
    const stopped = rig.sequencer.stop();
    expect(await rejection(rig.append())).to.be.instanceOf(LogUnavailable);
    gate.open();

    expect(await taken).to.have.length(3);
    await stopped;
  });
});
