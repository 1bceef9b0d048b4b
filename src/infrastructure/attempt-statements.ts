/** More failures than any policy looks at. */
export const remembered = 200;
/** $1 to $4 */
export const slotIs = 'tenant = $1 and account = $2 and authenticator = $3 and source = $4';

/** Failures in the window that ended with the last try. $n is the window in seconds. */
const inWindow = (window: string): string => `
  (select count(*)::int from unnest(s.failures) failed
    where failed > s.last_try_at - ${window}::int * interval '1 second')`;

export const readSlot = `
  select authenticator, source, ${inWindow('$5')} as in_window, consecutive, last_try_at
    from attempt_slots s where ${slotIs}`;

export const readAccount = `
  select authenticator, source, ${inWindow('$3')} as in_window, consecutive, last_try_at from attempt_slots s
   where tenant = $1 and account = $2 order by authenticator, source`;

/** Seconds after the last try. Where there are none, a try that began earlier and comes later is as good as any. */
const delay = `($10::int[])[least(${inWindow('$7')}, cardinality($10::int[]) - 1) + 1]`;

/**
 * Counts a try unless the slot is locked, as seen with the row held: however many arrive at once, each sees the one
 * before. $10 has the delay in seconds after 0, 1, 2 … failures.
 */
export const countTry = `
  insert into attempt_slots as s (tenant, account, authenticator, source, nobody, failures, consecutive, last_try_at)
  values ($1, $2, $3, $4, $5, array[$6::timestamptz], 1, $6)
  on conflict (tenant, account, authenticator, source) do update set
    failures = array(select failed from (
                       select failed from unnest(s.failures) failed where failed > $6 - $7::int * interval '1 second'
                        order by failed desc limit ${remembered - 1}) newest order by failed) || $6::timestamptz,
    consecutive = s.consecutive + 1,
    last_try_at = greatest(s.last_try_at, $6)
  where not $8::boolean
     or s.consecutive < $9::int
    and (${delay} = 0 or $6 >= s.last_try_at + ${delay} * interval '1 second')
  returning cardinality(failures) as failures, consecutive`;

const others = `
  from unnest(failures) with ordinality as other (failed, place)
 where place <> array_position(failures, $5::timestamptz)`;

/** Takes one failure of that instant back; two tries of one instant count the same. */
export const uncountTry = `
  update attempt_slots set
    consecutive = greatest(0, consecutive - 1),
    failures = array(select failed ${others} order by place),
    last_try_at = coalesce((select max(failed) ${others}), last_try_at)
  where ${slotIs} and array_position(failures, $5::timestamptz) is not null`;

export const insertSlots = `
  insert into attempt_slots (tenant, account, authenticator, source, nobody, failures, consecutive, last_try_at)
  select tenant, account, authenticator, source, nobody, array(select jsonb_array_elements_text(failures)::timestamptz),
         consecutive, last_try_at
    from jsonb_to_recordset($1::jsonb) as slot (tenant text, account text, authenticator text, source text,
         nobody boolean, failures jsonb, consecutive integer, last_try_at timestamptz)`;
