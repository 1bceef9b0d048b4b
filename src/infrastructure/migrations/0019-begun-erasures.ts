import type { Migration } from './migration.js';

/** Erasures that have begun and have not come to their end, so that one whose instance died is finished by another. */
export const begunErasures: Migration = {
  name: '0019-begun-erasures',
  up: async (knex) => {
    await knex.raw(`
      create table begun_erasures (
        tenant text not null,
        subject text not null,
        begun_at timestamptz not null default clock_timestamp(),
        primary key (tenant, subject)
      )`);
  },
};
