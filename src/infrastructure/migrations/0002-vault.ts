import type { Knex } from 'knex';
import type { Migration } from './migration.js';

/**
 * The keys. Nothing can rebuild these tables. A row of `vault_keys` without `wrapped` is the grave of a destroyed key:
 * the primary key sees to it that it is never made again.
 */
export const vault: Migration = {
  name: '0002-vault',
  async up(knex: Knex): Promise<void> {
    await knex.raw(`
      create table vault_tenants (
        tenant text primary key,
        generation integer not null,
        wrapped_key text,
        wrapped_previous text,
        wrapped_lookup text,
        created_at timestamptz not null default now(),
        rotated_at timestamptz not null default now(),
        destroyed_at timestamptz,
        check ((destroyed_at is null) = (wrapped_key is not null)),
        check ((destroyed_at is null) = (wrapped_lookup is not null)),
        check (destroyed_at is null or wrapped_previous is null)
      )`);
    await knex.raw(`
      create table vault_keys (
        tenant text not null,
        scope text not null,
        id text not null,
        key_id uuid,
        wrapped bytea,
        generation integer not null,
        created_at timestamptz not null default now(),
        destroyed_at timestamptz,
        primary key (tenant, scope, id),
        check ((destroyed_at is null) = (wrapped is not null)),
        check ((destroyed_at is null) = (key_id is not null))
      )`);
    await knex.raw('create index vault_keys_generation on vault_keys (tenant, generation) where wrapped is not null');
    await knex.raw('create index vault_keys_destroyed on vault_keys (tenant, destroyed_at) where wrapped is null');
  },
};
