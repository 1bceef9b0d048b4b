import type { Knex } from 'knex';
import type { Migration } from './migration.js';

/** Digests of ids that count once, until what carries them has ended. */
export const usedIds: Migration = {
  name: '0021-used-ids',
  async up(knex: Knex): Promise<void> {
    await knex.raw(`
      create table used_ids (
        tenant text not null,
        purpose text not null,
        digest bytea not null,
        until timestamptz not null,
        primary key (tenant, purpose, digest)
      )`);
    await knex.raw('create index used_ids_until on used_ids (until)');
  },
};
