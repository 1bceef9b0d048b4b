import type { Knex } from 'knex';
import type { Migration } from './migration.js';

/** Clients that have still to hear that a session is over (OpenID Connect Back-Channel Logout 1.0). Ids alone, gone once they are told. */
export const logoutNotices: Migration = {
  name: '0023-logout-notices',
  async up(knex: Knex): Promise<void> {
    await knex.raw(`
      create table logout_notices (
        id uuid primary key,
        tenant text not null,
        client text not null,
        user_id text not null,
        session text not null,
        attempts integer not null default 0,
        next_attempt_at timestamptz not null,
        expires_at timestamptz not null
      )`);
    await knex.raw('create index logout_notices_due on logout_notices (next_attempt_at)');
  },
};
