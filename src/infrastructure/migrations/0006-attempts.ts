import type { Migration } from './migration.js';

/**
 * Tries that count as failed, by whom they try to be and where they come from. No row = no failure. `failures` holds
 * those of the window, oldest first; `consecutive` counts all since the last success. `nobody`: the account is the
 * keyed hash of an identifier that is not taken.
 */
export const attempts: Migration = {
  name: '0006-attempts',
  up: async (knex) => {
    await knex.raw(`
      create table attempt_slots (
        tenant text not null,
        account text not null,
        authenticator text not null,
        source text not null,
        nobody boolean not null,
        failures timestamptz[] not null,
        consecutive integer not null,
        last_try_at timestamptz not null,
        primary key (tenant, account, authenticator, source)
      ) with (fillfactor = 70)`);
    await knex.raw('create index attempt_slots_nobody on attempt_slots (last_try_at) where nobody');
  },
};
