import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canReach, type ServerAccount } from './server-account.js';

/** How clients reach the server; fits `pg.PoolConfig`. `host` is the directory of the socket, except on Windows. */
export type DatabaseConnection = Readonly<{
  host: string;
  port: number;
  user: string;
  database: string;
  ssl: false;
  password?: string;
}>;

/** Bootstrap role of the cluster; only the supervisor uses it. */
export const SUPERUSER = 'postgres';

const ROLE = 'annal';
const DATABASE = 'annal';

const SOCKET_FILE = '.s.PGSQL.5432';
const LONGEST_SOCKET_PATH = 106;

/** Chooses where the server will listen: a private socket directory, or on Windows a free loopback port. */
export async function openEndpoint(dataDirectory: string, account: ServerAccount): Promise<DatabaseConnection> {
  if (process.platform !== 'win32') return socketEndpoint(socketDirectory(dataDirectory, account), 5432);

  return loopbackEndpoint(await freePort(), password(dataDirectory));
}

/** Removes the socket and the lock file of a killed server; PostgreSQL would trust the process id in the latter. */
export function clearEndpoint(endpoint: DatabaseConnection): void {
  if (process.platform === 'win32') return;
  for (const name of readdirSync(endpoint.host)) {
    if (name.startsWith('.s.PGSQL.')) rmSync(join(endpoint.host, name), { force: true });
  }
}

/** Removes what {@link openEndpoint} made outside the data directory. */
export function closeEndpoint(endpoint: DatabaseConnection): void {
  if (process.platform !== 'win32') rmSync(endpoint.host, { recursive: true, force: true });
}

/** The endpoint of a server that runs already, from the port and socket directory of its postmaster.pid. */
export function existingEndpoint(dataDirectory: string, port: number, directory: string): DatabaseConnection {
  return process.platform === 'win32'
    ? loopbackEndpoint(port, password(dataDirectory))
    : socketEndpoint(directory, port);
}

/** Server settings that make it listen at the endpoint and nowhere else. */
export function listenSettings(endpoint: DatabaseConnection): Readonly<Record<string, string>> {
  return process.platform === 'win32'
    ? { listen_addresses: endpoint.host, port: String(endpoint.port), unix_socket_directories: '' }
    : {
        listen_addresses: '',
        port: String(endpoint.port),
        unix_socket_directories: `"${endpoint.host}"`, // a list
        unix_socket_permissions: '0700',
      };
}

/** The file with the password of both roles, where the server listens on TCP. */
export function passwordFile(dataDirectory: string): string {
  return join(dataDirectory, 'postgres.password');
}

function socketEndpoint(host: string, port: number): DatabaseConnection {
  // `ssl: false` is said because PGSSLMODE in the environment would otherwise ask for TLS on the socket.
  return { host, port, user: ROLE, database: DATABASE, ssl: false };
}

function loopbackEndpoint(port: number, password: string): DatabaseConnection {
  return { host: '127.0.0.1', port, user: ROLE, database: DATABASE, ssl: false, password };
}

/** The same name for the same data directory, so that crashes leave no trail; a random one when that is taken. */
function socketDirectory(dataDirectory: string, account: ServerAccount): string {
  const place = `${realpathSync(dataDirectory)}:${statSync(dataDirectory).ino}`; // paths alone repeat across containers
  const name = `annal-${createHash('sha256').update(place).digest('hex').slice(0, 12)}`;
  const fits = (parent: string): boolean => join(parent, `${name}-XXXXXX`, SOCKET_FILE).length <= LONGEST_SOCKET_PATH;
  const parent = [tmpdir(), '/tmp', '/var/tmp'].find((path) => fits(path) && exists(path) && canReach(account, path));
  if (parent === undefined) {
    throw new Error(
      'No directory for the PostgreSQL socket: neither TMPDIR, /tmp nor /var/tmp is usable and short enough.',
    );
  }

  const directory = claim(join(parent, name), account) ? join(parent, name) : mkdtempSync(join(parent, `${name}-`));
  if (account.kind === 'other') chownSync(directory, account.uid, account.gid);
  chmodSync(directory, 0o700);

  return directory;
}

/** Makes the directory, or finds that it is ours: the parent is sticky, so nobody else can swap what we own. */
function claim(directory: string, account: ServerAccount): boolean {
  try {
    mkdirSync(directory, { mode: 0o700 });

    return true;
  } catch {
    const { uid, mode } = lstatSync(directory);
    const ours = uid === process.getuid?.() || (account.kind === 'other' && uid === account.uid);

    return ours && lstatSync(directory).isDirectory() && (mode & 0o077) === 0;
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function password(dataDirectory: string): string {
  const file = passwordFile(dataDirectory);
  if (!exists(file))
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true });

  return readFileSync(file, 'utf8');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('No free port.')),
      );
    });
  });
}
