import { type Credentials, EventStoreDBClient } from '@eventstore/db-client';
import { parseConnectionString } from '@eventstore/db-client/dist/Client/parseConnectionString.js';

export type Connection = Readonly<{
  client: EventStoreDBClient;
  /** Sent with every append, because that selects the plain Append call. */
  credentials: Credentials;
  /** For messages; without credentials. */
  hosts: string;
}>;

/**
 * Options that the client knows, as it compares them. For any other it prints the connection string, password and all.
 */
const knownOptions = new Set(
  [
    ...['tls', 'tlsCAFile', 'tlsVerifyCert', 'userCertFile', 'userKeyFile', 'connectionName', 'defaultDeadline'],
    ...['nodePreference', 'discoveryInterval', 'maxDiscoverAttempts', 'gossipTimeout', 'throwOnAppendFailure'],
    ...['keepAliveInterval', 'keepAliveTimeout'],
  ].map(flat),
);
/** Without TLS the client drops credentials; their presence alone selects the plain Append call. */
const unsent: Credentials = { username: 'unsent', password: 'unsent' };

/**
 * Opens nothing yet. Neither its errors nor anything that the client prints contain the password.
 * @throws Error that names ANNAL_EVENTSTORE and what is wrong with it
 */
export function connectionOf(given: string, debug: string | undefined): Connection {
  // The newer name of the same protocol, which this client does not know.
  const connectionString = given.replace(/^kurrentdb/, 'esdb');
  const problem = problemOf(connectionString) ?? debugProblem(debug);
  if (problem !== undefined) throw new Error(`ANNAL_EVENTSTORE: ${problem}`);

  const { hosts, defaultCredentials, tls = true } = parsed(connectionString);
  if (tls && defaultCredentials === undefined)
    throw new Error('ANNAL_EVENTSTORE: with TLS, name user:password@ before the host');
  return {
    client: clientOf(connectionString),
    credentials: defaultCredentials ?? unsent,
    hosts: hosts.map(({ address, port }) => `${address}:${port}`).join(', '),
  };
}

function problemOf(connectionString: string): string | undefined {
  const question = connectionString.replace(/^[^:]+:\/\/([^:]+:[^@]+@)?/, '').split('?', 2)[1] ?? '';
  for (const [key = '', value] of question
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split('='))) {
    if (!knownOptions.has(flat(key))) return `there is no option ${key}`;
    if (flat(key) === 'tlsverifycert' && value !== 'true')
      return 'the client always verifies certificates; use tlsCAFile';
    if (flat(key) === 'throwonappendfailure')
      return 'throwOnAppendFailure cannot be changed: without it conflicts go unnoticed';
  }
  return undefined;
}

function debugProblem(debug: string | undefined): string | undefined {
  const printed = (debug ?? '').split(/[\s,]+/).some((name) => name === '*' || name.startsWith('esdb'));
  return printed ? 'DEBUG covers the client, which would print the password; leave esdb out of it' : undefined;
}

function parsed(connectionString: string): ReturnType<typeof parseConnectionString> {
  try {
    return parseConnectionString(connectionString);
  } catch {
    // The client's message quotes what it could not read, which may be the password.
    throw new Error(
      'ANNAL_EVENTSTORE: expected esdb://user:password@host:2113, or several hosts, or esdb+discover://…',
    );
  }
}

function clientOf(connectionString: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(connectionString);
  } catch (error) {
    throw new Error(`ANNAL_EVENTSTORE: ${error instanceof Error ? error.message : 'unusable'}`);
  }
}

function flat(option: string): string {
  return option.trim().toLowerCase().replace(/[_-]/g, '');
}
