import type { Migration } from './migration.js';

/** The people whom a stored answer shows: it is sealed under the keys of all of them, and goes with the first who is erased. */
export const idempotencyPeople: Migration = {
  name: '0014-idempotency-people',
  up: async (knex) => {
    await knex.raw("alter table idempotency add column people text[] not null default '{}'");
    await knex.raw("create index idempotency_people on idempotency using gin (people) where people <> '{}'");
    // Answers kept until now do not say whom they show; without them a retry meets what the log recognises.
    await knex.raw('delete from idempotency where sealed is not null');
  },
};
