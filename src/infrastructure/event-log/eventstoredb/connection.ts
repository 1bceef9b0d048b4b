import { type Credentials, EventStoreDBClient } from '@eventstore/db-client';

export type Connection = Readonly<{
  client: EventStoreDBClient;
  /** Sent with every append, because that selects the plain Append call. */
  credentials: Credentials;
  /** For messages; without credentials. */
  hosts: string;
}>;

const expected =
  'expected esdb://user:password@host:2113 (or several hosts, or esdb+discover://…), with ?tls=false or other options';
const form =
  /^esdb(?:\+discover)?:\/\/(?:(?<user>[^:@/?]+):(?<password>[^:@/?]+)@)?(?<hosts>[^@/?]+)\/?(?:\?(?<query>.*))?$/;

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
  const { user, password, hosts, query = '' } = form.exec(connectionString)?.groups ?? {};
  const options = new Map(query.split('&').filter(Boolean).map(keyAndValue));
  const problem = hosts === undefined ? expected : (optionProblem(options) ?? debugProblem(debug));
  if (problem !== undefined || hosts === undefined) throw new Error(`ANNAL_EVENTSTORE: ${problem}`);

  const named = user !== undefined && password !== undefined;
  if (!named && options.get('tls') !== 'false') {
    throw new Error('ANNAL_EVENTSTORE: with TLS, name user:password@ before the host');
  }
  return {
    client: clientOf(connectionString),
    credentials: named ? { username: decodeURIComponent(user), password: decodeURIComponent(password) } : unsent,
    hosts,
  };
}

function keyAndValue(pair: string): readonly [string, string] {
  const [key = '', value = ''] = pair.split('=');
  return [flat(key), value.trim()];
}

function optionProblem(options: ReadonlyMap<string, string>): string | undefined {
  const unknown = [...options.keys()].find((key) => !knownOptions.has(key));
  if (unknown !== undefined) return `there is no option ${unknown}`;
  if ((options.get('tlsverifycert') ?? 'true') !== 'true')
    return 'the client always verifies certificates; use tlsCAFile';
  if (!options.has('throwonappendfailure')) return undefined;

  return 'throwOnAppendFailure cannot be changed: without it conflicts go unnoticed';
}

function debugProblem(debug = ''): string | undefined {
  const printed = debug.split(/[\s,]+/).some((name) => name === '*' || name.startsWith('esdb'));
  return printed ? 'DEBUG covers the client, which would print the password; leave esdb out of it' : undefined;
}

function clientOf(connectionString: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(connectionString);
  } catch (error) {
    // The client quotes what it could not read; its other complaints are about certificate files.
    const unreadable = !(error instanceof Error) || 'connectionString' in error;
    throw new Error(`ANNAL_EVENTSTORE: ${unreadable ? expected : error.message}`);
  }
}

function flat(option: string): string {
  return option.trim().toLowerCase().replace(/[_-]/g, '');
}
