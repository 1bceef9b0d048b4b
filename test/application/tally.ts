import { ConflictPause } from '../../src/application/ports/conflict-pause.js';
import { type CommandContext, type InlineRow, LogUnavailable } from '../../src/application/ports/event-log.js';
import type { Append, Appended, Recorded, StreamName } from '../../src/application/ports/event-log.js';
import { InlineModels } from '../../src/application/ports/inline-models.js';
import { Transactor } from '../../src/application/transactor.js';
import { type Aggregate, accept, type Message, reject } from '../../src/domain/decider.js';
import type { TenantId } from '../../src/domain/values.js';
import { MemoryEventLog } from '../support/memory-event-log.js';
import { MemorySnapshots } from '../support/memory-snapshots.js';
import { start } from '../support/moments.js';

export const tenant = 't1' as TenantId;
export const stream = `tally-${tenant}_one` as StreamName;

export type Tally = Readonly<{ total: number; refusals: number }>;
type TallyEvent = Message<'tally.added', { by: number }> | Message<'tally.refused'>;
export type TallyCommand =
  | Message<'Add', { by: number }>
  | Message<'AddTwice', { by: number }>
  | Message<'AddNothing'>
  | Message<'Refuse'>
  | Message<'RefuseSilently'>;

/** Adds up, and refuses with a fact or without one. */
export const tally: Aggregate<Tally, TallyCommand, TallyEvent, 'not-now' | 'not-ever'> = {
  category: 'tally',
  schema: 1,
  initial: { total: 0, refusals: 0 },
  events: {
    'tally.added': { version: 1, retention: 'operations' },
    'tally.refused': { version: 1, retention: 'operations' },
  },
  decide: {
    Add: (_, { by }) => accept({ type: 'tally.added', by }),
    AddTwice: (_, { by }) => accept<TallyEvent>({ type: 'tally.added', by }, { type: 'tally.added', by }),
    AddNothing: () => accept(),
    Refuse: () => reject('not-now', { type: 'tally.refused' }),
    RefuseSilently: () => reject('not-ever'),
  },
  evolve: {
    'tally.added': (state, { by }) => ({ ...state, total: state.total + by }),
    'tally.refused': (state) => ({ ...state, refusals: state.refusals + 1 }),
  },
};

export const add = (by: number): TallyCommand => ({ type: 'Add', by });

/** A command of that name; ids are as long as a UUID. */
export const context = (name: string): CommandContext => ({
  tenant,
  actor: { kind: 'system', id: 'specs' },
  commandId: name.padEnd(36, '.'),
  correlationId: name,
  at: start,
});

/** A log that counts what is read of streams, and fails once when told to. */
export class WatchedLog extends MemoryEventLog {
  /** Sizes of the pages that were read. */
  pages: number[] = [];
  readonly appends: Append[] = [];
  readonly confirmed: (readonly InlineRow[])[] = [];
  /** What becomes of the next append: its request or its answer gets lost. */
  losing: 'request' | 'answer' | undefined;
  /** Runs before the next append, as another writer would. */
  interruption: (() => Promise<unknown>) | undefined;
  /** Runs before the next page is handed out. */
  pause: (() => Promise<unknown>) | undefined;

  override async append(append: Append): Promise<Appended> {
    const { interruption, losing } = this;
    this.interruption = undefined;
    this.losing = undefined;
    await interruption?.();
    if (losing === 'request') throw new LogUnavailable('the request got lost');
    const appended = await super.append(append);
    this.appends.push(append);
    if (losing === 'answer') throw new LogUnavailable('the answer got lost');
    return appended;
  }

  override async read(of: StreamName, from: number, max: number): Promise<readonly Recorded[]> {
    const page = await super.read(of, from, max);
    this.pages.push(page.length);
    const { pause } = this;
    this.pause = undefined;
    await pause?.();
    return page;
  }

  override async confirm(rows: readonly InlineRow[] = []): Promise<void> {
    this.confirmed.push(rows);
  }

  /** Events read since it was asked last. */
  eventsRead(): number {
    const sum = this.pages.reduce((total, size) => total + size, 0);
    this.pages = [];
    return sum;
  }
}

/** One row that repeats the state, for every revision. */
class TallyRows extends InlineModels {
  override rowsFor(_: string, of: TenantId, id: string, state: unknown, revision: number): readonly InlineRow[] {
    const { total } = state as Tally;
    return [{ table: 'tallies', key: `${of}_${id}`, tenant: of, id, revision, columns: { total } }];
  }
}

/** Writes down after how many conflicts in a row somebody would rest. */
class CountedPause extends ConflictPause {
  readonly conflicts: number[] = [];

  override async after(conflicts: number): Promise<void> {
    this.conflicts.push(conflicts);
  }
}

/** Transactors over one log and one store of snapshots, each like a process of its own. */
export class Installation {
  readonly log = new WatchedLog();
  readonly snapshots = new MemorySnapshots();
  readonly pause = new CountedPause();

  process(cachedStreams?: number): Transactor {
    return new Transactor(this.log, new TallyRows(), this.snapshots, this.pause, cachedStreams);
  }

  /** So many commands of a process that is not looked at. */
  async elsewhere(commands: number, name = 'elsewhere'): Promise<void> {
    const transactor = this.process();
    for (let number = 1; number <= commands; number++) {
      await transactor.transact(tally, 'one', context(`${name}-${number}`), add(1));
    }
    this.log.eventsRead();
    this.snapshots.loads = 0;
  }
}
