import type { Knex } from 'knex';
import type { Migration } from './migration.js';

/**
 * Folded states: a cache that may be emptied at any time. `subjects` are the people in it, whose erasure purges the
 * row.
 */
export const snapshots: Migration = {
  name: '0003-snapshots',
  async up(knex: Knex): Promise<void> {
    await knex.raw(`
      create table snapshots (
        stream text primary key,
        tenant text not null,
        subjects text[] not null,
        schema integer not null,
        revision integer not null,
        body text not null,
        hash bytea not null
      )`);
    await knex.raw('create index snapshots_subjects on snapshots using gin (subjects)');
  },
};
