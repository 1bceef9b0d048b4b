import type { Migration } from './migration.js';

/**
 * An advisory lock alone does not tell a session what others have created while it waited: it went on to create the writer a second
 * time. Reading a table that the transaction had not locked yet makes it look again.
 */
const writeInline = `
create or replace function log_write_inline(inline_rows jsonb) returns void language plpgsql as $function$
declare
  inline_table record;
begin
  -- In the order of the names, so that nobody waits in a circle.
  for inline_table in select key as name, value as list from jsonb_each(inline_rows) order by key collate "C" loop
    if to_regproc(format('%I', 'write_' || inline_table.name)) is null then
      perform pg_advisory_xact_lock(4153012903);
      perform epoch from log_epochs;
      if to_regproc(format('%I', 'write_' || inline_table.name)) is null then
        perform log_make_inline_writer(inline_table.name);
      end if;
    end if;
    execute format('select %I($1)', 'write_' || inline_table.name) using inline_table.list;
  end loop;
end
$function$;
`;

export const inlineWritersMadeOnce: Migration = {
  name: '0018-inline-writers-made-once',
  up: async (knex) => {
    await knex.raw(writeInline);
  },
};
