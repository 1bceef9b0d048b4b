import type { Knex } from 'knex';
import type { Migration } from './migration.js';

/** Budgets of the limiters that all instances share; the columns are those that rate-limiter-flexible reads. Losing it does no harm. */
export const rateLimits: Migration = {
  name: '0005-rate-limits',
  async up(knex: Knex): Promise<void> {
    await knex.raw(`
      create unlogged table rate_limits (
        key varchar(255) primary key,
        points integer not null default 0,
        expire bigint
      )`);
    await knex.raw('create index rate_limits_expire on rate_limits (expire)');
  },
};
