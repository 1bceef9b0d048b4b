import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Binaries } from './binaries.js';
import type { Durability } from './cluster.js';
import { type DatabaseConnection, listenSettings, SUPERUSER } from './endpoint.js';
import { type ServerAccount, serverEnvironment, spawnIdentity, withDirectory } from './server-account.js';

/** Given on the command line, so that a new version of Annal changes them for old clusters too. */
const SETTINGS: Readonly<Record<string, string>> = {
  max_connections: '100',
  shared_buffers: '128MB',
  jit: 'off',
  autovacuum: 'on',
  idle_in_transaction_session_timeout: '60s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_destination: 'stderr',
  logging_collector: 'off',
  log_checkpoints: 'off',
  // Statements and what is wrong with them go to the client. In the log, their values could be personal data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_duration: 'off',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_transaction_sample_rate: '0',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  // As `ServerLog` reads it.
  log_line_prefix: '%m [%p] ',
  lc_messages: 'C',
};

const DURABILITY: Readonly<Record<Durability, Readonly<Record<string, string>>>> = {
  durable: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' },
  'throw-away': { fsync: 'off', synchronous_commit: 'on', full_page_writes: 'off' },
};

const SILENCE_LIMIT = 60_000;
const RECOVERY_LIMIT = 600_000;

/** Starts the server in a process group of its own, so that Ctrl-C in the terminal does not reach it. */
export function spawnServer(
  binaries: Binaries,
  cluster: string,
  account: ServerAccount,
  endpoint: DatabaseConnection,
  durability: Durability,
  log: number,
): ChildProcess {
  const settings = { ...SETTINGS, ...DURABILITY[durability], ...listenSettings(endpoint) };
  const child = withDirectory(cluster, account, (path, descriptors) =>
    spawn(
      binaries.postgres,
      ['-D', path, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...spawnIdentity(account),
        cwd: '/',
        env: serverEnvironment(),
        stdio: ['ignore', log, log, ...descriptors],
        detached: true,
        windowsHide: true,
      },
    ),
  );
  child.unref();

  return child;
}

/**
 * Resolves when the server answers, waiting through crash recovery.
 * @param giveUp asked between attempts; a string is the reason to stop waiting.
 * @throws Error with that reason; or when the server refuses us, is silent for a minute, or recovers for over ten.
 */
export async function waitUntilReady(endpoint: DatabaseConnection, giveUp: () => string | undefined): Promise<void> {
  const began = performance.now();
  let heard = began;
  for (;;) {
    const answer = await knock({ ...endpoint, user: SUPERUSER, database: 'postgres' });
    if (answer === 'ready') return;
    if (answer instanceof pg.DatabaseError) throw new Error(`PostgreSQL refuses us: ${answer.message}.`);

    const reason = giveUp();
    if (reason !== undefined) throw new Error(reason);

    const now = performance.now();
    if (answer === 'starting') heard = now;
    if (now - heard > SILENCE_LIMIT) throw new Error('PostgreSQL does not answer.');
    if (now - began > RECOVERY_LIMIT) throw new Error('PostgreSQL is still recovering after ten minutes.');
    await sleep(15);
  }
}

/** Connects once. `starting` covers every state in which a server is there and refuses for now. */
export async function knock(endpoint: DatabaseConnection): Promise<'ready' | 'starting' | Error> {
  const CANNOT_CONNECT_NOW = '57P03';
  const TOO_MANY_CONNECTIONS = '53300';
  const client = quietClient(endpoint);
  try {
    await client.connect();

    return 'ready';
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (code === CANNOT_CONNECT_NOW || code === TOO_MANY_CONNECTIONS) return 'starting';

    return error instanceof Error ? error : new Error(String(error));
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Creates the role and the database of the endpoint unless they are there. The role is no superuser: on a server behind
 * DATABASE_URL it would not be one either, and SQL must not reach files or programs. It may create databases: restores
 * and rebuilds fill new ones.
 */
export async function ensureDatabase({ user, database, ...endpoint }: DatabaseConnection): Promise<void> {
  const client = quietClient({ ...endpoint, user: SUPERUSER, database: 'postgres' });
  const [role, name] = [client.escapeIdentifier(user), client.escapeIdentifier(database)];
  await client.connect();
  try {
    const password = endpoint.password === undefined ? '' : `PASSWORD ${client.escapeLiteral(endpoint.password)}`;
    const missing = async (query: string, value: string): Promise<boolean> =>
      (await client.query(query, [value])).rowCount === 0;
    if (await missing('SELECT FROM pg_roles WHERE rolname = $1', user)) {
      await client.query(`CREATE ROLE ${role} LOGIN CREATEDB ${password}`);
    }
    if (await missing('SELECT FROM pg_database WHERE datname = $1', database)) {
      await client.query(`CREATE DATABASE ${name} OWNER ${role}`);
    }
  } finally {
    await client.end();
  }
}

/** A client whose connection may break at any time: the pending call then rejects, and nothing else happens. */
export function quietClient(endpoint: DatabaseConnection): pg.Client {
  const client = new pg.Client({ ...endpoint, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);

  return client;
}
