import type { Knex } from 'knex';
import type { Recorded } from '../application/ports/event-log.js';
import type { Message } from '../domain/decider.js';

export type ColumnValue = string | number | boolean | null | readonly string[];
export type Columns = Readonly<Record<string, ColumnValue>>;

/**
 * What an event does to a read model's rows. Changes are collected over a batch of events, merged by primary key and written with a few
 * statements in the transaction that moves the checkpoint. `key` holds the primary key columns.
 */
export type Rows = Readonly<{
  /** A new row; the same key again replaces it. */
  insert(row: Columns): void;
  /** Merges columns into the row with this key, creating it where it is missing. */
  upsert(key: Columns, columns: Columns): void;
  /** Merges columns into the row with this key; nothing happens where there is none. */
  update(key: Columns, columns: Columns): void;
  /** Adds to a numeric column of an existing row. */
  increment(key: Columns, column: string, by: number): void;
  delete(key: Columns): void;
  /** Changes every row whose columns equal `where`. Ends the merging of what came before. */
  updateWhere(where: Columns, columns: Columns): void;
  deleteWhere(where: Columns): void;
}>;

export type Handlers<Event extends Message> = {
  readonly [Type in Event['type']]: (rows: Rows, recorded: Recorded<Extract<Event, { type: Type }>>) => void;
};

/** For events that leave a read model as it is; said aloud, so that a new event type has to be thought about. */
export const unchanged = (): void => undefined;

/**
 * An asynchronous read model: one page with its columns, what every event does to it, and (beside it) its queries. The runner makes
 * `key` the primary key; no other constraint may span rows, since a batch is written merged.
 */
export type Projection<Event extends Message = Message> = Readonly<{
  /** Table name without the version. */
  name: string;
  /** Raised whenever columns or handlers change; the new version is built beside the old one. */
  version: number;
  /** The stream categories it reads; `'all'` for every event of the log. */
  categories: readonly string[] | 'all';
  key: readonly string[];
  columns: (table: Knex.CreateTableBuilder) => void;
  /** Columns that hold personal data in clear, purged by erasure; `subject` is the column with the person's id. */
  personal?: Readonly<{ subject: string; columns: readonly string[] }>;
  on: Handlers<Event> | ((rows: Rows, recorded: Recorded<Event>) => void);
}>;

/** A projection of whatever events, as lists hold them. */
export type AnyProjection = Projection<never>;

/**
 * An inline read model: one row per stream of its category, a view of the stream's whole state, written before the command is
 * acknowledged. Its table has `key` (text, primary key: `<tenant>_<id>`), `tenant` (uuid), `id` (text), `revision` (integer) and `columns`.
 */
export type InlineModel<State> = Readonly<{
  name: string;
  version: number;
  category: string;
  columns: (table: Knex.CreateTableBuilder) => void;
  row: (state: State) => Columns;
}>;

export const tableName = (model: Readonly<{ name: string; version: number }>): string =>
  `${model.name}_v${model.version}`;
