import type { Migration } from './migration.js';

/**
 * Links and codes that work once. Tokens are stored as SHA-256, codes as a keyed hash, payloads sealed. Open = neither
 * consumed nor revoked. No subject has two open codes of a kind, or a guess would be tried on both.
 */
export const singleUse: Migration = {
  name: '0007-single-use',
  up: async (knex) => {
    await knex.raw(`
      create table single_use (
        tenant text not null,
        kind text not null,
        event_id text not null,
        subject text not null,
        token_hash bytea,
        code_mac bytea,
        code_expires_at timestamptz,
        tries_left integer check (tries_left >= 0),
        payload text not null,
        sealed_for text not null check (sealed_for in ('person', 'tenant')),
        expires_at timestamptz not null,
        created_at timestamptz not null,
        consumed_at timestamptz,
        consumed_by text,
        revoked_at timestamptz,
        primary key (tenant, kind, event_id),
        check (token_hash is not null or code_mac is not null),
        check ((code_mac is null) = (code_expires_at is null) and (code_mac is null) = (tries_left is null)),
        check (code_expires_at <= expires_at),
        check ((consumed_at is null) = (consumed_by is null))
      )`);
    await knex.raw(
      'create unique index single_use_token on single_use (tenant, kind, token_hash) where token_hash is not null',
    );
    await knex.raw('create index single_use_subject on single_use (tenant, subject, kind)');
    await knex.raw(`
      create unique index single_use_open_code on single_use (tenant, kind, subject)
       where code_mac is not null and consumed_at is null and revoked_at is null`);
    await knex.raw('create index single_use_expiry on single_use (expires_at)');
  },
};
