import { appendProcedure } from './event-log/append-procedure.js';
import type { Migration } from './migration.js';

/**
 * `log_head` has one row. Appends lock it and never update it: the head's position and time are those of the last event, because a row
 * updated by every batch collects dead versions for as long as any transaction (a backup) keeps an old snapshot, and each batch walks them.
 * `control` has one row, which names the versions of the catalogue and of the inline models that may write.
 * `streams` is not partitioned, so that it can hold every stream to one revision. A stream's origin is the position of its first event: a
 * number for its name, so that new streams land at the right end of the index of events, and a bound for where to look for them.
 */
const tables = `
create table log_head (
  one boolean primary key default true check (one),
  epoch text not null default left(replace(gen_random_uuid()::text, '-', ''), 12),
  segment_size bigint not null default 5000000 check (segment_size > 0)
);
insert into log_head default values;

create function log_new_epoch() returns text language sql
  as $function$ update log_head set epoch = left(replace(gen_random_uuid()::text, '-', ''), 12) returning epoch $function$;

create table control (
  one boolean primary key default true check (one),
  fingerprint text not null,
  since timestamptz(3) not null default clock_timestamp()
);

create table streams (
  stream text collate "C" primary key,
  origin bigint not null,
  last_position bigint not null,
  revision integer not null
) with (fillfactor = 80);

create function log_category(stream text) returns text language sql immutable parallel safe
  as $function$ select split_part(stream, '-', 1) $function$;
create function log_tenant(stream text) returns text language sql immutable parallel safe
  as $function$ select split_part(right(stream, -strpos(stream, '-')), '_', 1) $function$;

create table events (
  position bigint not null,
  origin bigint not null,
  recorded_at timestamptz(3) not null,
  id uuid not null,
  revision integer not null,
  stream text collate "C" not null,
  category text collate "C" not null,
  tenant text collate "C" not null,
  type text collate "C" not null,
  data bytea not null,
  metadata bytea not null,
  primary key (position)
) partition by range (position);

create table log_segments (
  name text primary key,
  first_position bigint not null unique,
  end_position bigint not null unique
);
`;

/**
 * Makes the segment after the newest one. A table that is attached later locks nobody out, unlike `partition of`. Indexes hold revisions
 * and ids unique per stream within a segment; across segments the append itself does, under the lock of the head.
 */
const segments = `
create function log_make_segment() returns void language plpgsql as $function$
declare
  opening bigint;
  closing bigint;
  segment text;
begin
  select coalesce(max(end_position), 1) into opening from log_segments;
  select opening + segment_size into closing from log_head;
  segment := 'events_from_' || opening;
  execute format('create table %I (like events including all)', segment);
  execute format('create unique index on %I (origin, revision)', segment);
  execute format('create unique index %I on %I (origin, id)', segment || '_origin_id', segment);
  execute format('create index on %I (category, position)', segment);
  execute format('create index on %I (tenant, position)', segment);
  execute format('alter table events attach partition %I for values from (%s) to (%s)', segment, opening, closing);
  insert into log_segments values (segment, opening, closing);
end
$function$;

create function log_make_segments(up_to bigint) returns void language plpgsql as $function$
begin
  perform pg_advisory_xact_lock(4153012902);
  while up_to >= (select coalesce(max(end_position), 1) from log_segments) loop
    perform log_make_segment();
  end loop;
end
$function$;

-- Sees to it that half a segment stands ready after the head; answers the head from which to ask again.
create function log_prepare_segments(head bigint) returns bigint language plpgsql as $function$
declare
  margin bigint;
begin
  select segment_size / 2 into margin from log_head;
  perform log_make_segments(head + margin);
  return (select max(end_position) - margin from log_segments);
end
$function$;
`;

/** One writer per table, so that its statement is planned once per connection and not once per batch. */
const inlineWriters = `
create function log_make_inline_writer(of_table text) returns void language plpgsql as $function$
declare
  names text;
  changes text;
begin
  if length(of_table) > 57 then
    raise exception using errcode = 'name_too_long', message = format('the table name %s is too long for its writer', of_table);
  end if;
  select string_agg(format('%I', attname), ', ' order by attnum),
         string_agg(format('%1$I = excluded.%1$I', attname), ', ' order by attnum) filter (where attname <> 'key')
    into names, changes
    from pg_attribute
   where attrelid = format('%I', of_table)::regclass and attnum > 0 and not attisdropped;
  execute format($definition$
    create function %1$I(written jsonb) returns void language plpgsql as $writer$
    begin
      insert into %2$I as standing (%3$s)
      select distinct on (key) %3$s from jsonb_populate_recordset(null::%2$I, written) order by key, revision desc
      on conflict (key) do update set %4$s where standing.revision < excluded.revision;
    end
    $writer$
  $definition$, 'write_' || of_table, of_table, names, changes);
end
$function$;
`;

export const eventLog: Migration = {
  name: '0001-event-log',
  up: async (knex) => {
    for (const part of [tables, segments, inlineWriters, appendProcedure]) await knex.raw(part);
  },
};
