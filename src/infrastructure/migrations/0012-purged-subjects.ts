import type { Migration } from './migration.js';

/** People whose data was purged from read models, so that no rebuild brings back what other keys than theirs still open. */
export const purgedSubjects: Migration = {
  name: '0012-purged-subjects',
  up: async (knex) => {
    await knex.raw(`
      CREATE TABLE projection_purges (
        tenant text NOT NULL,
        subject text NOT NULL,
        purged_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant, subject)
      );
    `);
  },
};
