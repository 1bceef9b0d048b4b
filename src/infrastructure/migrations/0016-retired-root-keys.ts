import type { Migration } from './migration.js';

/** Versions of the root key that nothing here is wrapped under any more, and since when: backups may still need them. */
export const retiredRootKeys: Migration = {
  name: '0016-retired-root-keys',
  up: async (knex) => {
    await knex.raw(`
      create table vault_retired_roots (
        version text primary key,
        retired_at timestamptz not null default clock_timestamp()
      )`);
  },
};
