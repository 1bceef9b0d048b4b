import { type Aggregate, fold, type Message } from '../domain/decider.js';
import type { Position, Recorded } from './ports/event-log.js';

/** What is known of a stream, folded as far as it has been read. */
export type Entry = {
  readonly schema: number;
  readonly state: unknown;
  readonly revision: number;
  readonly snapshotRevision: number;
  readonly position?: Position;
  /** Newest command ids of the stream with the position each reached. */
  readonly commands: ReadonlyMap<string, Position>;
};

const rememberedCommands = 64;

export const nothingOf = ({
  schema,
  initial,
}: Pick<Aggregate<unknown, never, never, never>, 'schema' | 'initial'>): Entry => ({
  schema,
  state: initial,
  revision: -1,
  snapshotRevision: -1,
  commands: new Map(),
});

export function advance<State, Command extends Message, Event extends Message, Rejection extends string>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  entry: Entry,
  page: readonly Recorded<Event>[],
): Entry {
  const last = page.at(-1);
  if (!last) return entry;
  return {
    ...entry,
    state: fold(
      aggregate.evolve,
      entry.state as State,
      page.map(({ event }) => event),
    ),
    revision: last.revision,
    position: last.position,
    commands: remember(
      entry.commands,
      page.map(({ commandId, position }) => [commandId, position]),
    ),
  };
}

export const remember = (
  known: ReadonlyMap<string, Position>,
  added: readonly (readonly [string, Position])[],
): ReadonlyMap<string, Position> => new Map([...known, ...added].slice(-rememberedCommands));
