import type { Knex } from 'knex';
import type { Migration } from './migration.js';

/**
 * Requests with an Idempotency-Key. `command` is the UUIDv5 of tenant, actor, route and key; `content` a keyed digest of the request.
 * `sealed` is the answer once there is one, `lease` the claim of whoever works on it.
 */
export const idempotency: Migration = {
  name: '0005-idempotency',
  async up(knex: Knex): Promise<void> {
    await knex.raw(`
      create table idempotency (
        tenant uuid not null,
        command uuid not null,
        content bytea not null,
        lease uuid not null,
        leased_until timestamptz not null,
        sealed text,
        expires_at timestamptz not null,
        primary key (tenant, command)
      )`);
    await knex.raw('create index idempotency_expires on idempotency (expires_at)');
  },
};
