import type { Knex } from 'knex';
import type { Migration } from './migration.js';

/**
 * Messages on their way. `outbox_events` makes every event count once: whoever inserts its row may send. `lane` is a
 * keyed hash of the address, so that messages to one address stay in order; `content` is sealed and dies when the
 * message ends. The outbox follows the log like a read model, so its checkpoint stands with theirs.
 */
export const outbox: Migration = {
  name: '0009-outbox',
  async up(knex: Knex): Promise<void> {
    await knex.raw(`
      create table outbox_events (
        event_id uuid primary key,
        tenant text not null,
        subject text not null,
        outcome text not null check (outcome in ('queued', 'expired')),
        recorded_at timestamptz not null default now()
      );
      create table outbox_messages (
        id uuid primary key,
        sequence bigint generated always as identity,
        event_id uuid not null,
        tenant text not null,
        subject text not null,
        kind text not null,
        channel text not null,
        lane text,
        content text,
        status text not null default 'waiting' check (status in ('waiting', 'sent', 'failed', 'withdrawn')),
        attempts integer not null default 0,
        reason text,
        next_attempt_at timestamptz not null,
        expires_at timestamptz not null,
        created_at timestamptz not null default now(),
        ended_at timestamptz,
        check ((status = 'waiting') = (ended_at is null)),
        check (status = 'waiting' or content is null)
      );
      create index outbox_messages_due on outbox_messages (next_attempt_at, sequence) where status = 'waiting';
      create index outbox_messages_lane on outbox_messages (lane, sequence) where status = 'waiting';
      create index outbox_messages_subject on outbox_messages (tenant, subject);
      create table notification_templates (
        tenant text not null,
        kind text not null,
        locale text not null,
        parts jsonb not null,
        changed_at timestamptz not null default now(),
        primary key (tenant, kind, locale)
      );
      create table development_mailbox (
        id uuid primary key,
        sequence bigint generated always as identity,
        tenant text not null,
        subject text not null,
        message jsonb not null,
        received_at timestamptz not null
      );
      create index development_mailbox_newest on development_mailbox (sequence desc);
      insert into projection_checkpoints (model, name, version, shape) values ('outbox', 'outbox', 0, '');
    `);
  },
};
