import { planByIndex } from '../../database.js';

/** Milliseconds. The server gives a call up first, then its transaction, then the client the connection. */
export const callTimeouts = { lock: 1_000, statement: 2_000, transaction: 2_500, client: 4_000 };

/** What the session that appends must have, whatever the database's defaults say. */
export const appendSession = `
${planByIndex} set enable_hashjoin = off; set enable_mergejoin = off;
set default_transaction_isolation = 'read committed';
set default_transaction_read_only = off;
set lock_timeout = ${callTimeouts.lock};
set statement_timeout = ${callTimeouts.statement};
select set_config('transaction_timeout', '${callTimeouts.transaction}', false)
 where current_setting('server_version_num')::int >= 170000;
select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off';
`;
