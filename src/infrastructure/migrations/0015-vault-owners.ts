import type { Migration } from './migration.js';

/** Whose credential a key protects: it is made only while the key of that person is there, and destroyed with it. */
export const vaultOwners: Migration = {
  name: '0015-vault-owners',
  up: async (knex) => {
    await knex.raw('alter table vault_keys add column owner text');
    await knex.raw(
      'create index vault_keys_owner on vault_keys (tenant, owner) where owner is not null and wrapped is not null',
    );
  },
};
