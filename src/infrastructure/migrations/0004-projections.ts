import type { Migration } from './migration.js';

/**
 * The bookkeeping of read models. `model` names a table with its schema and version; `fencing` is the token of the lease whose holder
 * may write; `generation` is raised when pages that are already in memory must not be written any more.
 */
export const projections: Migration = {
  name: '0004-projections',
  up: async (knex) => {
    await knex.raw(`
      CREATE TABLE projection_checkpoints (
        model text PRIMARY KEY,
        name text NOT NULL,
        version integer NOT NULL,
        shape text NOT NULL,
        personal jsonb,
        position text,
        fencing bigint NOT NULL DEFAULT 0,
        generation integer NOT NULL DEFAULT 0,
        events bigint NOT NULL DEFAULT 0,
        rate real NOT NULL DEFAULT 0,
        recorded_at timestamptz,
        built_at timestamptz,
        updated_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE projection_leases (
        model text PRIMARY KEY,
        holder text NOT NULL,
        token bigint NOT NULL,
        expires timestamptz NOT NULL
      );
      CREATE TABLE parked_events (
        model text NOT NULL,
        stream text NOT NULL,
        revision integer NOT NULL,
        position text NOT NULL,
        tenant text NOT NULL,
        type text NOT NULL,
        error text NOT NULL,
        attempts integer NOT NULL DEFAULT 1,
        parked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (model, stream, revision)
      );
      CREATE SEQUENCE projection_rebuilds;
    `);
  },
};
