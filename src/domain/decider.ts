/** A command or an event: a name and its data, flat. */
export type Message<Type extends string = string, Data extends object = object> = Readonly<{ type: Type } & Data>;

/** One function per message type. A table with a hole in it does not compile. */
export type Cases<M extends Message, Subject, Result> = {
  readonly [Type in M['type']]: (subject: Subject, message: Extract<M, { type: Type }>) => Result;
};

/** What was decided: the facts to record and, when refused, why. A refusal may leave facts behind. */
export type Decision<Event, Rejection> = Readonly<{ events: readonly Event[]; rejection?: Rejection }>;

export const accept = <Event>(...events: readonly Event[]): Decision<Event, never> => ({ events });

export const reject = <Event, Rejection extends string>(
  rejection: Rejection,
  ...facts: readonly Event[]
): Decision<Event, Rejection> => ({ events: facts, rejection });

/**
 * How long an event stays in the live log: `account` facts as long as the account, `security` facts (sign-ins, sessions) and
 * `operations` facts (jobs, technical records) until the retention period of that class ends; `permanent` facts for ever.
 */
export type RetentionClass = 'account' | 'security' | 'operations' | 'permanent';

/** One row per event type: the schema version written today and how long the event is kept. Names are stored for ever. */
export type Catalogue<Event extends Message> = {
  readonly [Type in Event['type']]: Readonly<{ version: number; retention: RetentionClass }>;
};

/**
 * One kind of stream. `category` contains no dash; `schema` numbers the shape of the state and is raised when `evolve` changes, so that
 * snapshots and rows of an older fold are never read.
 */
export interface Aggregate<State, Command extends Message, Event extends Message, Rejection extends string> {
  readonly category: string;
  readonly schema: number;
  readonly initial: State;
  readonly decide: Cases<Command, State, Decision<Event, Rejection>>;
  readonly evolve: Cases<Event, State, State>;
  readonly events: Catalogue<Event>;
}

/** Looks the message's row up and calls it. The cast is sound because the table has one row per member of the union. */
export function dispatch<M extends Message, Subject, Result>(
  cases: Cases<M, Subject, Result>,
  subject: Subject,
  message: M,
): Result {
  const row = cases[message.type as M['type']] as (subject: Subject, message: M) => Result;
  return row(subject, message);
}

export function fold<State, Event extends Message>(
  evolve: Cases<Event, State, State>,
  state: State,
  events: readonly Event[],
): State {
  return events.reduce((current, event) => dispatch(evolve, current, event), state);
}
