import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { canReach, type ServerAccount } from './server-account.js';

/**
 * Yields the unpacked package folder, repaired, and when the consumer asks for another one (because the server's account
 * cannot run it), copies in places that the account can reach: a project under a home directory with mode 0700, an
 * installation with a strict umask, a read-only node_modules whose install script never ran.
 */
export async function* nativeFolders(
  folder: string,
  account: ServerAccount,
  dataDirectory: string,
): AsyncIterable<string> {
  await createSymlinks(folder).catch(() => undefined);
  yield folder;

  const version = await packageVersion(folder);
  for (const parent of [dataDirectory, '/var/cache', tmpdir(), '/tmp']) {
    const copy = join(parent, `annal-postgres-${version}`);
    if (await prepareCopy(folder, copy, account).catch(() => false)) yield copy;
  }
}

/**
 * npm packages hold no symbolic links: an install script is to create the ones listed in pg-symlinks.json, and
 * `--ignore-scripts` leaves the server without its libraries.
 */
async function createSymlinks(folder: string): Promise<void> {
  const listed: unknown = JSON.parse(await readFile(join(folder, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(listed)) return;

  for (const link of listed) {
    if (!isLink(link)) continue;
    const [source, target] = [join(dirname(folder), link.source), join(dirname(folder), link.target)];
    await symlink(relative(dirname(target), source), target).catch(unlessExists);
  }
}

/** Makes or reuses a complete copy that only we can change; answers whether there is one. */
async function prepareCopy(folder: string, copy: string, account: ServerAccount): Promise<boolean> {
  if (!canReach(account, dirname(copy))) return false;

  const files = await listing(folder);
  if (await trusted(copy, files)) return true;

  const draft = await mkdtemp(`${copy}-`);
  try {
    await copyTree(folder, draft);
    await createSymlinks(draft);
    await rm(copy, { recursive: true, force: true });
    await rename(draft, copy);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }

  return trusted(copy, files);
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
async function listing(folder: string, prefix = ''): Promise<Map<string, number>> {
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

  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
}

function isLink(link: unknown): link is { source: string; target: string } {
  return (
    typeof link === 'object' && link !== null && 'source' in link && 'target' in link &&
    typeof link.source === 'string' && typeof link.target === 'string'
  );
}

function unlessExists(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}
