import type { Knex } from 'knex';
import type { Migration } from './migration.js';

/** Devices that wait for somebody to say yes (RFC 8628): codes as hashes, what was agreed to sealed. */
export const deviceCodes: Migration = {
  name: '0024-device-codes',
  async up(knex: Knex): Promise<void> {
    await knex.raw(`
      create table device_codes (
        tenant text not null,
        device_hash bytea not null,
        user_mac bytea not null,
        client text not null,
        scope text[] not null,
        status text not null default 'waiting' check (status in ('waiting', 'approved', 'denied', 'redeemed')),
        payload text,
        interval_seconds integer not null,
        polled_at timestamptz,
        expires_at timestamptz not null,
        primary key (tenant, device_hash)
      )`);
    await knex.raw(`create unique index device_codes_user on device_codes (tenant, user_mac) where status = 'waiting'`);
    await knex.raw('create index device_codes_ends on device_codes (expires_at)');
  },
};
