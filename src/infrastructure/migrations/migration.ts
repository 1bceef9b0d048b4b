import type { Knex } from 'knex';

/** One step of the schema, forward only; all that are due run in one transaction. Only for tables that no event rebuilds. */
export type Migration = Readonly<{
  /** Stored in the database for ever: `0001-event-log`. Never rename a released one. */
  name: string;
  up: (knex: Knex) => Promise<void>;
}>;
