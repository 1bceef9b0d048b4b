import type { Migration } from './migration.js';

/** When each scheduled job last ran and is due again. Whoever moves `next_at` runs it. */
export const jobs: Migration = {
  name: '0011-jobs',
  up: async (knex) => {
    await knex.raw(`
      create table jobs (
        name text primary key,
        next_at timestamptz not null,
        started_at timestamptz,
        finished_at timestamptz,
        outcome text,
        affected bigint
      )`);
  },
};
