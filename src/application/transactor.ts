import { LRUCache } from 'lru-cache';
import { type Aggregate, dispatch, fold, type Message } from '../domain/decider.js';
import type { TenantId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { ConflictPause } from './ports/conflict-pause.js';
import {
  type CommandContext,
  type EventLog,
  type Position,
  type Recorded,
  RevisionConflict,
  type StreamName,
  streamName,
} from './ports/event-log.js';
import type { InlineModels } from './ports/inline-models.js';
import type { Snapshots } from './ports/snapshots.js';
import { advance, type Entry, nothingOf, remember } from './stream-entry.js';

/** A stream's folded state, confirmed against the head of the stream when it was loaded. */
export type Loaded<State> = Readonly<{ state: State; revision: number; position?: Position }>;

/** What a command led to. `repeated` when the same command had been carried out before. */
export type Outcome<State> = Loaded<State> & Readonly<{ repeated: boolean }>;

/** Turns the state, at a revision of its stream, into the command that is to be decided on it. */
export type Prepare<State, Command> = (state: State, revision: number) => Command | Promise<Command>;

/** No command reads more than 50 events, or a snapshot and as many (P5). */
const pageSize = 50;
/** Events read of a stream before a snapshot is looked for; together with those since the last snapshot no more than a page. */
const glance = 8;
const snapshotEvery = 40;
const attempts = 20;

/** Loads a stream, decides, appends; on a conflict looks whether the command has already been carried out, then decides anew. */
export class Transactor {
  readonly #cache: LRUCache<StreamName, Entry>;
  readonly #turns = new Map<StreamName, Promise<unknown>>();
  #forgettings = 0;

  constructor(
    private readonly log: EventLog,
    private readonly inlineModels: InlineModels,
    private readonly snapshots: Snapshots,
    private readonly pause: ConflictPause,
    cachedStreams = 20_000,
  ) {
    this.#cache = new LRUCache({ max: cachedStreams });
  }

  async load<State, Command extends Message, Event extends Message, Rejection extends string>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    tenant: TenantId,
    id: string,
  ): Promise<Loaded<State>> {
    return this.#loaded<State>(await this.#current(aggregate, streamName(aggregate.category, tenant, id)));
  }

  /** The facts that a command has recorded, now or before, if they are among the newest of the stream. */
  async recorded<State, Command extends Message, Event extends Message, Rejection extends string>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    { tenant, commandId }: CommandContext,
    id: string,
  ): Promise<readonly Event[]> {
    const newest = await this.log.readBackwards(streamName(aggregate.category, tenant, id), pageSize);
    return newest.filter((one) => one.commandId === commandId).map(({ event }) => event as Event);
  }

  /**
   * What a command led to, where it is among the newest of the stream. For commands that judge something before they can be decided,
   * which their own success has changed: the proof is spent by now, the password another.
   */
  async repeated<State, Command extends Message, Event extends Message, Rejection extends string>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    id: string,
    context: CommandContext,
  ): Promise<Outcome<State> | undefined> {
    const entry = await this.#current(aggregate, streamName(aggregate.category, context.tenant, id));
    const before = entry.commands.get(context.commandId);
    return before && this.#before(aggregate.category, id, context, entry, before);
  }

  /**
   * A fresh command is decided on what is at hand, because its append at the revision confirms that. Where the command depends on the
   * state, it is a function of it, which runs again after a conflict, so that its verdicts belong to the
   * state that is decided on.
   * @throws CommandRejected after the refusal's facts are recorded; LogUnavailable
   */
  async transact<State, Command extends Message, Event extends Message, Rejection extends string>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    id: string,
    context: CommandContext,
    command: Command | Prepare<State, Command>,
  ): Promise<Outcome<State>> {
    const stream = streamName(aggregate.category, context.tenant, id);
    return this.#inTurn(stream, async () => {
      let refusedAt: number | undefined;
      let isConfirmed = context.fresh !== true || typeof command === 'function';
      for (let attempt = 1; ; attempt++) {
        const entry = isConfirmed ? await this.#current(aggregate, stream) : this.#atHand(aggregate, stream);
        // Refused although nothing was added: the ids of this command's events stand further back than is remembered.
        const forgotten = entry.revision === refusedAt ? await this.#found(stream, context.commandId) : undefined;
        const before = entry.commands.get(context.commandId) ?? forgotten;
        if (before) return this.#before(aggregate.category, id, context, entry, before);

        const state = entry.state as State;
        const decided = typeof command === 'function' ? await command(state, entry.revision) : command;
        const decision = dispatch(aggregate.decide, state, decided);
        // The append at its revision confirms the state; a verdict that appends nothing, or refuses, has to ask for itself.
        const confirmsItself = decision.rejection === undefined && decision.events.length > 0;
        if (!isConfirmed && !confirmsItself) {
          isConfirmed = true;
          continue;
        }
        const recorded = decision.rejection === undefined ? context : refusalOf(context);
        const refused = entry.commands.get(recorded.commandId);
        if (decision.rejection && refused) throw new CommandRejected(decision.rejection, { position: refused });
        try {
          const after = await this.#record(aggregate, stream, id, entry, decision.events, recorded);
          if (decision.rejection) {
            throw new CommandRejected(decision.rejection, after.position ? { position: after.position } : {});
          }
          return { ...this.#loaded<State>(after), repeated: false };
        } catch (error) {
          if (!(error instanceof RevisionConflict) || attempt === attempts) throw error;
          refusedAt = entry.revision;
          await this.pause.after(attempt);
          isConfirmed = true;
        }
      }
    });
  }

  /** Forgets what is cached of a stream, so that nothing of an erased person stays in memory. */
  forget(category: string, tenant: TenantId, id: string): void {
    this.#forgettings++;
    this.#cache.delete(streamName(category, tenant, id));
  }

  /** Streams that a command is at work on, or waits for. */
  get busyStreams(): number {
    return this.#turns.size;
  }

  async #before<State>(
    category: string,
    id: string,
    context: CommandContext,
    entry: Entry,
    position: Position,
  ): Promise<Outcome<State>> {
    await this.#confirm(category, id, context, entry);
    return { ...this.#loaded<State>(entry), position, repeated: true };
  }

  #loaded<State>({ state, revision, position }: Entry): Loaded<State> {
    return { state: state as State, revision, ...(position && { position }) };
  }

  async #record<State, Command extends Message, Event extends Message, Rejection extends string>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: StreamName,
    id: string,
    entry: Entry,
    events: readonly Event[],
    context: CommandContext,
  ): Promise<Entry> {
    if (events.length === 0) {
      await this.#confirm(aggregate.category, id, context, entry);
      return entry;
    }
    const since = this.#forgettings;
    const state = fold(aggregate.evolve, entry.state as State, events);
    const revision = entry.revision + events.length;
    const inline = this.inlineModels.rowsFor(aggregate.category, context.tenant, id, state, revision);
    const { position } = await this.log.append({ stream, expectedRevision: entry.revision, events, context, inline });
    const commands = remember(entry.commands, [[context.commandId, position]]);
    return this.#keep(stream, { ...entry, state, revision, position, commands }, since);
  }

  /** What is so already is a promise as well, and whoever made it so may have died before its rows stood. */
  async #confirm(category: string, id: string, { tenant }: CommandContext, entry: Entry): Promise<void> {
    if (entry.revision < 0) return;
    await this.log.confirm(this.inlineModels.rowsFor(category, tenant, id, entry.state, entry.revision));
  }

  /** Looks through the whole stream. */
  async #found(stream: StreamName, commandId: string): Promise<Position | undefined> {
    for (let from = 0; ; from += pageSize) {
      const page = await this.log.read(stream, from, pageSize);
      const last = page.findLast((recorded) => recorded.commandId === commandId);
      if (last) return last.position;
      if (page.length < pageSize) return undefined;
    }
  }

  /**
   * Cached or snapshot state plus the tail of the stream; reading the tail is what confirms it. Most streams that are not at hand are new
   * or short, and most that are at hand have grown by little: a glance at what follows shows it whole. Where it does not, whoever wrote
   * that much has left a snapshot on the way.
   */
  async #current<State, Command extends Message, Event extends Message, Rejection extends string>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: StreamName,
  ): Promise<Entry> {
    const since = this.#forgettings;
    const start = this.#atHand(aggregate, stream);
    const seen = await this.#page(aggregate, stream, start, glance);
    if (seen === start) return start;
    if (seen.revision < start.revision + glance) return this.#keep(stream, seen, since);

    const snapshot = await this.#fromSnapshot(aggregate, stream);
    let entry = snapshot.revision > seen.revision ? snapshot : seen;
    for (;;) {
      const next = await this.#page(aggregate, stream, entry, pageSize);
      if (next.revision < entry.revision + pageSize) return this.#keep(stream, next, since);
      entry = next;
    }
  }

  /** As it was seen last; a stream that was never seen is most likely new. */
  #atHand<State, Command extends Message, Event extends Message, Rejection extends string>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: StreamName,
  ): Entry {
    return this.#cache.get(stream) ?? nothingOf(aggregate);
  }

  /** The entry itself where nothing follows it. */
  async #page<State, Command extends Message, Event extends Message, Rejection extends string>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: StreamName,
    entry: Entry,
    max: number,
  ): Promise<Entry> {
    const page = await this.log.read(stream, entry.revision + 1, max);
    return advance(aggregate, entry, page as readonly Recorded<Event>[]);
  }

  async #fromSnapshot<State, Command extends Message, Event extends Message, Rejection extends string>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: StreamName,
  ): Promise<Entry> {
    const { schema } = aggregate;
    const found = await this.snapshots.load(stream, schema);
    if (!found) return nothingOf(aggregate);
    const { state, revision, commands = [] } = found;
    const position = commands.at(-1)?.[1];
    const known = new Map(commands);
    return { schema, state, revision, snapshotRevision: revision, ...(position && { position }), commands: known };
  }

  /** Caches, unless it is less than what is cached or was read before something was forgotten; saves a snapshot when due. */
  async #keep(stream: StreamName, entry: Entry, since: number): Promise<Entry> {
    const due = entry.revision - entry.snapshotRevision >= snapshotEvery;
    const kept = due && (await this.#saved(stream, entry)) ? { ...entry, snapshotRevision: entry.revision } : entry;
    const behind = kept.revision < (this.#cache.peek(stream)?.revision ?? -1);
    if (since === this.#forgettings && !behind) this.#cache.set(stream, kept);
    return kept;
  }

  /** A snapshot is only a cache: what was appended stands, whether or not it could be saved. The next command tries again. */
  async #saved(stream: StreamName, { schema, state, revision, commands }: Entry): Promise<boolean> {
    try {
      await this.snapshots.save(stream, schema, { state, revision, commands: [...commands] });
      return true;
    } catch {
      return false;
    }
  }

  /** Commands of one stream in this process go one after the other, so that they do not conflict with each other. */
  async #inTurn<T>(stream: StreamName, work: () => Promise<T>): Promise<T> {
    const previous = this.#turns.get(stream) ?? Promise.resolve();
    const turn = previous.then(work, work);
    const settled = turn.catch(() => undefined);
    this.#turns.set(stream, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(stream) === settled) this.#turns.delete(stream);
    }
  }
}

/**
 * The facts of a refusal stand under an id of their own (a UUIDv8, RFC 9562 section 5.8): a refused command was not carried out, so that
 * its repetition is decided, and refused, again.
 */
const refusalOf = (context: CommandContext): CommandContext => {
  const { commandId } = context;
  return { ...context, commandId: `${commandId.slice(0, 14)}8${commandId.slice(15)}` };
};
