import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { LogUnavailable, RevisionConflict, type StreamName } from '../../../application/ports/event-log.js';
import type { EngineAppend, EngineAppended } from '../log-engine.js';
import { OutdatedInstance } from '../outdated-instance.js';
import type { Outcome } from './append-batch.js';
import { describeRefusal, type Failure, failureOf } from './failures.js';

export type SequencerLimits = Readonly<{
  batchAppends: number;
  batchBytes: number;
  queuedAppends: number;
  queuedBytes: number;
  /** Milliseconds that an append waits before it is sent for the first time. */
  queueing: number;
  /** Milliseconds that a sent batch is sent again while its outcome is unknown. */
  resolving: number;
}>;

export const defaultLimits: SequencerLimits = {
  batchAppends: 1_000,
  batchBytes: 4 * 1024 * 1024,
  queuedAppends: 20_000,
  queuedBytes: 64 * 1024 * 1024,
  queueing: 2_000,
  resolving: 10_000,
};

type Waiting = Readonly<{
  append: EngineAppend;
  bytes: number;
  since: number;
  resolve: (appended: EngineAppended) => void;
  reject: (error: Error) => void;
}>;

/**
 * Group commit: while one batch is on its way, appends collect, and the next batch takes them all. An idle sequencer sends at once.
 * `send` commits a batch in one transaction and answers for each append; when it throws, either nothing of the batch was committed, or
 * sending the identical batch again tells.
 */
export class Sequencer {
  private queue: Waiting[] = [];
  private queuedBytes = 0;
  private running: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly send: (batch: readonly EngineAppend[]) => Promise<readonly Outcome[]>,
    private readonly limits: SequencerLimits,
  ) {}

  /** @throws RevisionConflict, LogUnavailable (at once when too much is waiting), Error when PostgreSQL refuses what the append says */
  append(append: EngineAppend): Promise<EngineAppended> {
    if (append.events.length === 0)
      return Promise.reject(new RangeError(`an append to ${append.stream} has no events`));
    if (this.stopping) return Promise.reject(new LogUnavailable('the log is being closed'));
    const bytes = sizeOf(append);
    if (this.queue.length >= this.limits.queuedAppends || this.queuedBytes + bytes > this.limits.queuedBytes) {
      return Promise.reject(new LogUnavailable('too many appends are waiting for the log'));
    }

    return new Promise((resolve, reject) => {
      this.queue.push({ append, bytes, since: performance.now(), resolve, reject });
      this.queuedBytes += bytes;
      this.running ??= this.run();
    });
  }

  /** Takes no more appends and waits for those that were taken. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      // Those whom the last batch answered may have more to say.
      await turn();
      await this.settle(this.take(), performance.now() + this.limits.resolving);
    }
    this.running = undefined;
  }

  /** At least one append, however large. */
  private take(): readonly Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const waiting of this.queue) {
      if (count === this.limits.batchAppends || (count > 0 && bytes + waiting.bytes > this.limits.batchBytes)) break;
      count += 1;
      bytes += waiting.bytes;
    }
    this.queuedBytes -= bytes;

    return this.queue.splice(0, count);
  }

  private async settle(batch: readonly Waiting[], until: number): Promise<void> {
    for (let pause = 20; ; pause = Math.min(pause * 2, 250)) {
      const failed = await this.attempt(batch);
      if (failed === undefined) return;
      const failure = failureOf(failed.error);
      if (batch.length > 1 && splits[failure]) return this.settleHalves(batch, until);
      if (ends[failure] || performance.now() + pause > until) return rejectAll(batch, failure, failed.error);
      this.dropStale(failed.error);
      await delay(pause);
    }
  }

  private async attempt(batch: readonly Waiting[]): Promise<{ error: unknown } | undefined> {
    try {
      const outcomes = await this.send(batch.map(({ append }) => append));
      batch.forEach((waiting, index) => answer(waiting, outcomes[index]));

      return undefined;
    } catch (error) {
      return { error };
    }
  }

  /** Somewhere in the batch is an append that spoils it for the others. */
  private async settleHalves(batch: readonly Waiting[], until: number): Promise<void> {
    const middle = batch.length >> 1;
    await this.settle(batch.slice(0, middle), until);
    await this.settle(batch.slice(middle), until);
  }

  /** Nothing of these was sent, so their callers can be told early. */
  private dropStale(error: unknown): void {
    const now = performance.now();
    const stale = this.queue.filter(({ since }) => now - since > this.limits.queueing);
    this.queue = this.queue.slice(stale.length);
    this.queuedBytes -= stale.reduce((sum, { bytes }) => sum + bytes, 0);
    rejectAll(stale, 'unreachable', error);
  }
}

/** Whether one append alone can be the cause, so that halves tell more than the whole. */
const splits: Readonly<Record<Failure, boolean>> = {
  refused: true,
  contended: true,
  misplaced: true,
  unreachable: false,
  outdated: false,
};
/** Whether sending again is pointless. */
const ends: Readonly<Record<Failure, boolean>> = {
  refused: true,
  contended: false,
  misplaced: true,
  unreachable: false,
  outdated: true,
};

const explanations: Readonly<Record<Failure, (stream: string, error: unknown) => Error>> = {
  refused: describeRefusal,
  contended: (_, error) => new LogUnavailable('the log was busy for too long', { cause: error }),
  misplaced: conflict,
  unreachable: (_, error) => new LogUnavailable('PostgreSQL does not answer', { cause: error }),
  outdated: (_, error) => new OutdatedInstance(error instanceof Error ? error.message : String(error)),
};

function rejectAll(batch: readonly Waiting[], failure: Failure, error: unknown): void {
  for (const { append, reject } of batch) reject(explanations[failure](append.stream, error));
}

function answer({ append, resolve, reject }: Waiting, outcome: Outcome | undefined): void {
  if (outcome === undefined) throw new TypeError(`no outcome for the append to ${append.stream}`);
  if (outcome === 'conflict') reject(conflict(append.stream));
  else resolve(outcome);
}

function conflict(stream: string): Error {
  return new RevisionConflict(stream as StreamName);
}

const sizeOf = ({ events }: EngineAppend): number =>
  events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0);
