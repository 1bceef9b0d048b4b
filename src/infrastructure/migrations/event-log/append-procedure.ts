/**
 * Commits a batch of appends, each by itself accepted, answered as before or refused. Runs under READ COMMITTED, where every statement
 * after the lock sees what the lock's last holder committed. It is a procedure because it commits before it answers: a client that stops
 * in the middle of the protocol holds no lock.
 *
 * Per stream: its name. Per append: its stream (index), expected revision, number of events. Per event: its append (index) and its number
 * within the append. Indexes and numbers start at 1.
 * `inline_rows`: per table an array of rows, each with its append's index as `#`. `exceptions`: one object per append that was not written
 * now, with its position and time where the same events stand already.
 */
export const appendProcedure = `
create procedure log_append(
  writer_fingerprint text, known_head bigint,
  stream_names text[],
  append_streams int[], append_expected int[], append_sizes int[],
  event_appends int[], event_numbers int[], event_ids uuid[], event_types text[], event_data bytea[], event_metadata bytea[],
  inline_rows jsonb,
  out log_epoch text, out head_before bigint, out written_at text, out exceptions jsonb
) language plpgsql as $procedure$
declare
  -- Copies into variables, because only those give constant-time access to elements.
  names text[] := stream_names;
  slots int[] := append_streams;
  expected int[] := append_expected;
  sizes int[] := append_sizes;
  former int[];
  latest int[];
  origins bigint[];
  lasts bigint[] := array_fill(0::bigint, array[cardinality(stream_names)]);
  bases bigint[] := array_fill(-1::bigint, array[cardinality(append_streams)]);
  stands boolean[] := array_fill(false, array[cardinality(append_streams)]);
  active_fingerprint text;
  segment_opening bigint;
  head_at timestamptz;
  batch_at timestamptz;
  total int := 0;
  first_event int := 1;
  slot int;
  same bigint;
  standing_position bigint;
  standing_at timestamptz;
  inline_table record;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'the log is written under READ COMMITTED only';
  end if;
  select epoch into strict log_epoch from log_head for update;
  select fingerprint into active_fingerprint from control;
  if active_fingerprint is distinct from writer_fingerprint then
    raise exception using errcode = 'AN001', message = format(
      'this instance is older than the log, or has not advanced it yet: the log is written as %s, this instance writes as %s',
      coalesce(active_fingerprint, 'nothing'), writer_fingerprint);
  end if;

  select position, recorded_at into head_before, head_at from events where position >= known_head order by position desc limit 1;
  if head_before is null then
    select position, recorded_at into head_before, head_at from events order by position desc limit 1;
  end if;
  head_before := coalesce(head_before, 0);
  batch_at := greatest(head_at, date_trunc('milliseconds', clock_timestamp()));
  written_at := ${instant('batch_at')};

  select array_agg(asked.revision), array_agg(asked.origin) into former, origins from (
    select coalesce(known.revision, -1) as revision, coalesce(known.origin, 0) as origin
      from unnest(names) with ordinality asked (stream, slot) left join streams known on known.stream = asked.stream
     order by asked.slot
  ) asked;
  latest := former;
  select first_position into segment_opening from log_segments where first_position <= head_before + 1 order by first_position desc limit 1;
  for n in 1 .. cardinality(slots) loop
    slot := slots[n];
    stands[n] := expected[n] = latest[slot];
    -- An id that stands elsewhere in this segment violates its index instead; see failures.ts.
    if stands[n] and expected[n] > -1 and origins[slot] < segment_opening then
      stands[n] := not exists (select from events
        where position >= origins[slot] and position < segment_opening
          and origin = origins[slot] and id = any (event_ids[first_event : first_event + sizes[n] - 1]));
    end if;
    if stands[n] then
      if expected[n] = -1 then
        origins[slot] := head_before + total + 1;
      end if;
      bases[n] := head_before + total;
      total := total + sizes[n];
      lasts[slot] := head_before + total;
      latest[slot] := expected[n] + sizes[n];
    end if;
    first_event := first_event + sizes[n];
  end loop;

  if total > 0 then
    if head_before + total >= (select coalesce(max(end_position), 1) from log_segments) then
      perform log_make_segments(head_before + total);
    end if;
    insert into events (position, origin, recorded_at, id, revision, stream, category, tenant, type, data, metadata)
    select bases[event.append] + event.number, origins[placed.slot], batch_at, event.id, expected[event.append] + event.number,
           placed.stream, log_category(placed.stream), log_tenant(placed.stream), event.type, event.data, event.metadata
      from unnest(event_appends, event_numbers, event_ids, event_types, event_data, event_metadata)
             as event (append, number, id, type, data, metadata),
           lateral (select slots[event.append] as slot, names[slots[event.append]] as stream) as placed
     where bases[event.append] >= 0;
    insert into streams (stream, origin, last_position, revision)
    select moved.stream, moved.origin, moved.last, moved.latest
      from unnest(names, former, latest, origins, lasts) as moved (stream, former, latest, origin, last)
     where moved.former = -1 and moved.latest > -1;
    update streams set last_position = moved.last, revision = moved.latest
      from unnest(names, former, latest, lasts) as moved (stream, former, latest, last)
     where moved.former > -1 and moved.latest > moved.former and streams.stream = moved.stream;
    perform pg_notify('annal_log', (head_before + total)::text);
  end if;

  -- Only now, because the first of two equal appends may have been in this very batch.
  first_event := 1;
  for n in 1 .. cardinality(slots) loop
    if not stands[n] then
      standing_position := null;
      if expected[n] + sizes[n] <= latest[slots[n]] then
        select count(*), max(event.position), max(event.recorded_at) into same, standing_position, standing_at
          from unnest(event_ids[first_event : first_event + sizes[n] - 1]) with ordinality as sent (id, number)
          join events event on event.position > origins[slots[n]] + expected[n] and event.origin = origins[slots[n]]
                           and event.revision = expected[n] + sent.number and event.id = sent.id;
        stands[n] := same = sizes[n];
      end if;
      exceptions := coalesce(exceptions, '[]') || jsonb_build_object('append', n,
        'position', case when stands[n] then standing_position::text end, 'recordedAt', ${instant('standing_at')});
    end if;
    first_event := first_event + sizes[n];
  end loop;

  -- In the order of the names, so that nobody waits in a circle.
  for inline_table in select key as name, value as list from jsonb_each(inline_rows) order by key collate "C" loop
    if exceptions is not null then
      select jsonb_agg(line) into inline_table.list from jsonb_array_elements(inline_table.list) line where stands[(line ->> '#')::int];
    end if;
    if to_regproc(format('%I', 'write_' || inline_table.name)) is null then
      perform log_make_inline_writer(inline_table.name);
    end if;
    execute format('select %I($1)', 'write_' || inline_table.name) using inline_table.list;
  end loop;
  commit;
end
$procedure$;
`;

/** RFC 3339 in UTC with milliseconds. */
function instant(expression: string): string {
  return `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
