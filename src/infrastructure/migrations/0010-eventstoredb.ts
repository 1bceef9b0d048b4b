import type { Migration } from './migration.js';

/**
 * What a log in EventStoreDB keeps in PostgreSQL. `gate_closed_until` stops appends on every instance while the
 * control row changes; it is a time, so that a gate whose keeper died opens by itself. `log_write_inline` takes per
 * table an array of rows and writes them as the PostgreSQL engine does: a row of a higher revision stays.
 */
const eventStoreDbTables = `
create table log_epochs (
  engine text primary key,
  epoch text not null default left(replace(gen_random_uuid()::text, '-', ''), 12)
);

alter table control add column gate_closed_until timestamptz;

create function log_write_inline(inline_rows jsonb) returns void language plpgsql as $function$
declare
  inline_table record;
begin
  -- In the order of the names, so that nobody waits in a circle.
  for inline_table in select key as name, value as list from jsonb_each(inline_rows) order by key collate "C" loop
    if to_regproc(format('%I', 'write_' || inline_table.name)) is null then
      perform pg_advisory_xact_lock(4153012903);
      if to_regproc(format('%I', 'write_' || inline_table.name)) is null then
        perform log_make_inline_writer(inline_table.name);
      end if;
    end if;
    execute format('select %I($1)', 'write_' || inline_table.name) using inline_table.list;
  end loop;
end
$function$;
`;

export const eventStoreDb: Migration = {
  name: '0010-eventstoredb',
  up: async (knex) => {
    await knex.raw(eventStoreDbTables);
  },
};
