const isOpen = 'consumed_at is null and revoked_at is null';
const content = 'event_id, subject, payload, sealed_for, expires_at';

/** Puts of one subject and kind come one after the other, so that each sees what the one before left open. */
export const lockSubject = `select pg_advisory_xact_lock(hashtextextended($1, 7))`;

export const isKnown = 'select from single_use where tenant = $1 and kind = $2 and event_id = $3';

/** $4: the time. */
export const revokeKind = `
  update single_use set revoked_at = $4 where tenant = $1 and kind = $2 and subject = $3 and ${isOpen}`;

/** $4: the time. Tokens stay; what was a code and nothing else ends. */
export const endCodes = `
  update single_use set
    revoked_at = case when token_hash is null then $4::timestamptz end,
    code_mac = case when token_hash is null then code_mac end,
    code_expires_at = case when token_hash is null then code_expires_at end,
    tries_left = case when token_hash is null then tries_left end
   where tenant = $1 and kind = $2 and subject = $3 and code_mac is not null and ${isOpen}`;

export const revokeSubject = `update single_use set revoked_at = $3 where tenant = $1 and subject = $2 and ${isOpen}`;

export const revokeAll = `update single_use set revoked_at = $1 where ${isOpen}`;

export const insert = `
  insert into single_use (tenant, kind, event_id, subject, token_hash, code_mac, code_expires_at, tries_left,
                          payload, sealed_for, expires_at, created_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;

/**
 * $4 the command, $5 the time. Of many at once the row's lock lets one through; the others look again and find it
 * consumed.
 */
export const consumeToken = `
  update single_use set consumed_by = $4, consumed_at = coalesce(consumed_at, $5)
   where tenant = $1 and kind = $2 and token_hash = $3
     and (consumed_by = $4 or (${isOpen} and expires_at > $5))
  returning ${content}`;

export const whyNot = `
  select consumed_at is not null as used, revoked_at is not null as revoked, subject
    from single_use where tenant = $1 and kind = $2 and token_hash = $3`;

/**
 * $4 the keyed hash of the code, $5 the command, $6 the time. A wrong code costs a try in the same statement that
 * judges it.
 */
export const consumeCode = `
  update single_use set
    consumed_by = case when code_mac = $4 then $5 else consumed_by end,
    consumed_at = case when code_mac = $4 then coalesce(consumed_at, $6) else consumed_at end,
    tries_left = case when code_mac = $4 then tries_left else tries_left - 1 end
   where tenant = $1 and kind = $2 and subject = $3
     and ((consumed_by = $5 and code_mac = $4) or (${isOpen} and code_expires_at > $6 and tries_left > 0))
  returning code_mac = $4 as matches, tries_left, ${content}`;

/** As `consumeCode`, but the right code stays open. */
export const judgeCode = `
  update single_use set tries_left = case when code_mac = $4 then tries_left else tries_left - 1 end
   where tenant = $1 and kind = $2 and subject = $3
     and ((consumed_by = $5 and code_mac = $4) or (${isOpen} and code_expires_at > $6 and tries_left > 0))
  returning code_mac = $4 as matches, ${content}`;

export const openToken = `
  select ${content} from single_use
   where tenant = $1 and kind = $2 and token_hash = $3 and ${isOpen} and expires_at > $4`;

export const deleteEnded = 'delete from single_use where expires_at < $1';
