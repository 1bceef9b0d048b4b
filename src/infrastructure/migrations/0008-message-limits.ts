import type { Migration } from './migration.js';

/** When each recipient was last written to on request; `recipient` is an id or a keyed hash, never an address. */
export const messageLimits: Migration = {
  name: '0008-message-limits',
  up: async (knex) => {
    await knex.raw(`
      create table message_limits (
        tenant text not null,
        recipient text not null,
        sent_at timestamptz[] not null,
        expires_at timestamptz not null,
        primary key (tenant, recipient)
      )`);
    await knex.raw('create index message_limits_expiry on message_limits (expires_at)');
  },
};
