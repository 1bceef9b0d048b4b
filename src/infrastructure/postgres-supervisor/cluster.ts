import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, lchown, mkdtemp, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import { passwordFile, SUPERUSER } from './endpoint.js';
import { serverProcesses, signal } from './process-table.js';
import { type ServerAccount, serverEnvironment, spawnIdentity, withDirectory } from './server-account.js';

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

  throw new Error(
    `${cluster} is not empty, but is no PostgreSQL cluster (there is no PG_VERSION). Move it away and start again.`,
  );
}

/**
 * Removes what interrupted initialisations left; call it while holding the data directory. An initdb whose service was
 * killed may still be writing: it ends when its server process does, and what it leaves then goes at the next start.
 */
export async function removeDrafts(dataDirectory: string): Promise<void> {
  for (const name of await readdir(dataDirectory)) {
    if (!name.startsWith(DRAFT)) continue;
    const draft = join(dataDirectory, name);
    for (const pid of serverProcesses(draft) ?? []) signal(pid, 'SIGKILL');
    await rm(draft, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }).catch(() => undefined);
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
    `--username=${SUPERUSER}`,
    '--encoding=UTF8',
    '--locale=C',
    ...(binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
    '--data-checksums',
    ...authentication(dataDirectory),
    ...(durability === 'throw-away' ? ['--no-sync'] : []),
  ]);
  await rmdir(clusterDirectory(dataDirectory)).catch(() => undefined); // an empty directory may be in the way
  await rename(draft, clusterDirectory(dataDirectory));
  if (durability === 'durable' && process.platform !== 'win32') await syncDirectory(dataDirectory);
}

/**
 * Makes sure that PostgreSQL will accept the cluster: it must belong to the account that runs it, and be private.
 * Root hands over what root owns, such as a copy restored from a backup.
 * @throws Error when it belongs to somebody else.
 */
export async function secureCluster(cluster: string, account: ServerAccount): Promise<void> {
  const { uid: owner, mode } = await stat(cluster);
  const uid = account.kind === 'own' ? process.getuid?.() : account.uid;
  if (uid === undefined) return;

  if (owner === 0 && account.kind === 'other') await handOver(cluster, account.uid, account.gid);
  else if (owner !== uid) {
    throw new Error(
      `${cluster} belongs to user ${owner}, but Annal runs as user ${uid}. Start Annal as that user or as root, ` +
        'give it its own ANNAL_DATA, or set DATABASE_URL to use another server.',
    );
  }
  if ((mode & 0o077) !== 0) await chmod(cluster, 0o700);
}

/** The directory itself comes last, so that an interrupted hand-over is seen and done again. */
async function handOver(directory: string, uid: number, gid: number): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await handOver(path, uid, gid);
    else await lchown(path, uid, gid);
  }
  await lchown(directory, uid, gid);
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
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));

  const ending = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? '' : `it ended with ${signal ?? `code ${code}`}`));
  });
  if (ending !== '') throw new Error(`initdb could not create the database cluster: ${ending}\n${output.trim()}`);
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
