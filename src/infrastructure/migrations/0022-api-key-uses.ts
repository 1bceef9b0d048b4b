import type { Migration } from './migration.js';

/** How often API keys were used; `noted` is how much of it an event tells of, and `noted_at` until when. */
export const apiKeyUses: Migration = {
  name: '0022-api-key-uses',
  up: async (knex) => {
    await knex.schema.createTable('api_key_uses', (table) => {
      table.uuid('tenant').notNullable();
      table.uuid('key').notNullable();
      table.bigInteger('count').notNullable();
      table.timestamp('first_at').notNullable();
      table.timestamp('last_at').notNullable();
      table.bigInteger('noted').notNullable().defaultTo(0);
      table.timestamp('noted_at');
      table.primary(['tenant', 'key']);
    });
    await knex.raw('create index api_key_uses_unnoted on api_key_uses (last_at) where count > noted');
  },
};
