import type { Database } from '../../database.js';
import type { ControlRow } from '../control-row.js';
import {
  type EngineAppend,
  type EngineAppended,
  type EngineFilter,
  type EnginePage,
  LogEngine,
  type StoredEvent,
} from '../log-engine.js';
import { decodeAnswer, encodeBatch, type Outcome } from './append-batch.js';
import { AppendConnection } from './append-connection.js';
import { GrowthListener } from './growth-listener.js';
import { LogReads } from './log-reads.js';
import { defaultLimits, Sequencer, type SequencerLimits } from './sequencer.js';

/**
 * The log in PostgreSQL 15 or later. Positions are 1, 2, 3 … in the order in which events were committed: a group-commit sequencer per
 * instance writes batches, and the lock of the head row puts the batches of all instances in one order. See
 * docs/decisions/0001-group-commit-sequencer.md.
 */
export class PostgresLogEngine extends LogEngine {
  private readonly connection: AppendConnection;
  private readonly sequencer: Sequencer;
  private readonly listener: GrowthListener;
  private readonly reads: LogReads;
  /** For those who follow the whole log. */
  private readonly pages: LogReads;
  private readonly growthListeners = new Set<() => void>();
  private currentEpoch = '';
  private knownHead = 0n;
  /** The head at which the next segments have to be made; none while they are being made. */
  private prepareAt: bigint | undefined;

  constructor(
    private readonly database: Database,
    private readonly control: ControlRow,
    limits: SequencerLimits = defaultLimits,
  ) {
    super();
    this.connection = new AppendConnection(database.config);
    this.sequencer = new Sequencer((batch) => this.send(batch), limits);
    this.listener = new GrowthListener(
      database.config,
      () => this.announce(),
      () => this.connection.backend,
      (epoch) => this.learnEpoch(epoch),
    );
    this.reads = new LogReads(database.pool);
    this.pages = new LogReads(database.background);
  }

  override async start(): Promise<void> {
    await this.control.claim();
    await this.prepareSegments(await this.reads.head());
    await this.listener.start();
  }

  override async stop(): Promise<void> {
    await this.sequencer.stop();
    await Promise.all([this.connection.close(), this.listener.stop()]);
    this.growthListeners.clear();
  }

  override epoch(): string {
    if (this.currentEpoch === '') throw new Error('the log has not been started');

    return this.currentEpoch;
  }

  /** For a log that was restored or copied: positions of before mean nothing any more. */
  async newEpoch(): Promise<string> {
    const { rows } = await this.database.pool.query<{ epoch: string }>('select log_new_epoch() as epoch');
    for (const { epoch } of rows) this.learnEpoch(epoch);

    return this.currentEpoch;
  }

  /** @throws also OutdatedInstance, and Error when PostgreSQL refuses a row of `inline` */
  override append(append: EngineAppend): Promise<EngineAppended> {
    return this.sequencer.append(append);
  }

  override read(stream: string, from: number, max: number): Promise<readonly StoredEvent[]> {
    return this.reads.read(stream, from, max);
  }

  override readBackwards(stream: string, max: number): Promise<readonly StoredEvent[]> {
    return this.reads.readBackwards(stream, max);
  }

  override readAll(after: bigint, max: number, filter?: EngineFilter): Promise<EnginePage> {
    return this.pages.readAll(after, max, filter);
  }

  override readAllBackwards(before: bigint | undefined, max: number, filter?: EngineFilter): Promise<EnginePage> {
    return this.pages.readAllBackwards(before, max, filter);
  }

  override head(): Promise<bigint> {
    return this.reads.head();
  }

  override onGrowth(listener: () => void): () => void {
    this.growthListeners.add(listener);

    return () => this.growthListeners.delete(listener);
  }

  private async send(batch: readonly EngineAppend[]): Promise<readonly Outcome[]> {
    const answer = await this.connection.append(encodeBatch(this.control.fingerprint, this.knownHead, batch));
    this.learnEpoch(answer.log_epoch);
    this.knownHead = BigInt(answer.head_before);
    if (this.prepareAt !== undefined && this.knownHead >= this.prepareAt) void this.prepareSegments(this.knownHead);
    this.announce();

    return decodeAnswer(batch, answer);
  }

  /** Ahead of the need; where that fails, the append that needs a segment makes it. */
  private async prepareSegments(head: bigint): Promise<void> {
    this.prepareAt = undefined;
    const next = await this.database.pool
      .query<{ next: string }>('select log_prepare_segments($1) as next', [head.toString()])
      .catch(() => undefined);
    this.prepareAt = next?.rows[0] ? BigInt(next.rows[0].next) : head + 1n;
  }

  private learnEpoch(epoch: string): void {
    if (epoch === this.currentEpoch) return;
    this.currentEpoch = epoch;
    this.knownHead = 0n;
  }

  private announce(): void {
    for (const listener of this.growthListeners) listener();
  }
}
