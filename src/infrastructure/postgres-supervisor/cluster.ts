import { spawn } from 'node:child_process';
import { chown, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import { DATABASE_USER, passwordFile } from './endpoint.js';
import { canReach, type ServerAccount, spawnIdentity } from './server-account.js';

/** Whether a cluster survives power loss; `throw-away` is for tests only. */
export type Durability = 'durable' | 'throw-away';

const DRAFT = 'postgres.new-';

export function clusterDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'postgres');
}

/**
 * The major version that wrote the cluster; undefined when there is no cluster yet.
 * @throws Error when the directory holds something that is no complete cluster.
 */
export async function clusterMajor(cluster: string): Promise<number | undefined> {
  if (!existsSync(cluster) || (await readdir(cluster)).length === 0) return undefined;

  const version = await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '');
  const major = Number.parseInt(version, 10);
  if (Number.isInteger(major)) return major;

  throw new Error(`${cluster} is not empty, but is no PostgreSQL cluster (there is no PG_VERSION). Move it away and start again.`);
}

/** Removes what interrupted initialisations left; call it while holding the data directory. */
export async function removeDrafts(dataDirectory: string): Promise<void> {
  for (const name of await readdir(dataDirectory)) {
    if (name.startsWith(DRAFT)) await rm(join(dataDirectory, name), { recursive: true, force: true });
  }
}

/** Initialises a cluster beside its final place and moves it there when it is complete and on disk. */
export async function createCluster(
  dataDirectory: string,
  binaries: Binaries,
  account: ServerAccount,
  durability: Durability,
): Promise<void> {
  const draft = await mkdtemp(join(dataDirectory, DRAFT));
  if (account.kind === 'other') await chown(draft, account.uid, account.gid);

  await initdb(binaries, draft, account, [
    `--username=${DATABASE_USER}`,
    '--encoding=UTF8',
    '--locale=C',
    ...(binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
    '--data-checksums',
    ...authentication(dataDirectory),
    ...(durability === 'throw-away' ? ['--no-sync'] : []),
  ]);
  await rm(clusterDirectory(dataDirectory), { recursive: true, force: true }); // at most an empty directory: see clusterMajor
  await rename(draft, clusterDirectory(dataDirectory));
  if (durability === 'durable' && process.platform !== 'win32') await syncDirectory(dataDirectory);
}

/** @throws Error when the account is not the owner of the cluster: PostgreSQL accepts no other. */
export async function checkOwner(cluster: string, account: ServerAccount): Promise<void> {
  const uid = account.kind === 'own' ? process.getuid?.() : account.uid;
  const owner = (await stat(cluster)).uid;
  if (uid === undefined || uid === owner) return;

  throw new Error(
    `${cluster} belongs to user ${owner}, and Annal runs PostgreSQL as user ${uid}. Start Annal as its owner or as root, ` +
      'give it its own ANNAL_DATA, or set DATABASE_URL to use another server.',
  );
}

/**
 * A name of the cluster that the account can open. When the account may not pass through the directories above it (a project in
 * /root), the directory is handed over as an open descriptor, which needs no path; PostgreSQL then stays inside it.
 */
export function withDirectory<Result>(
  cluster: string,
  account: ServerAccount,
  use: (path: string, descriptors: readonly number[]) => Result,
): Result {
  if (canReach(account, cluster)) return use(cluster, []);
  if (process.platform !== 'linux') {
    throw new Error(
      `PostgreSQL does not run as root, and the account it runs under cannot reach ${cluster}. ` +
        'Set ANNAL_DATA to a directory outside private folders, or start Annal as an ordinary user.',
    );
  }

  const descriptor = openSync(cluster, 'r');
  try {
    return use('/proc/self/fd/3', [descriptor]);
  } finally {
    closeSync(descriptor);
  }
}

async function initdb(
  binaries: Binaries,
  directory: string,
  account: ServerAccount,
  options: readonly string[],
): Promise<void> {
  const child = withDirectory(directory, account, (path, descriptors) =>
    spawn(binaries.initdb, ['-D', path, ...options], {
      ...spawnIdentity(account),
      cwd: '/',
      env: serverEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe', ...descriptors],
      windowsHide: true,
    }),
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));

  const ending = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `it ended with ${signal ?? `code ${code}`}`));
  });
  if (ending !== '') throw new Error(`initdb could not create the database cluster: ${ending}\n${output.trim()}`);
}

/** Only what PostgreSQL needs: our own environment may hold keys, and PG* variables would change its behaviour. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP'].map((name) => [name, process.env[name]] as const);

  return { ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)), LC_ALL: 'C', TZ: 'UTC' };
}

function authentication(dataDirectory: string): readonly string[] {
  return process.platform === 'win32'
    ? ['--auth=scram-sha-256', `--pwfile=${passwordFile(dataDirectory)}`]
    : ['--auth-local=trust', '--auth-host=reject'];
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
