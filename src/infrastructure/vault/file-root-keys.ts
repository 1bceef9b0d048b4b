import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { keyLength } from './aead.js';
import { isCode, syncDirectory } from './durable-files.js';
import { LocalRootKeys, parseRootKey, versionName } from './local-root-keys.js';
import { versionOf } from './root-keys.js';

const privateMode = 0o600;
const othersMayAccess = 0o077;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Root keys in the file `<data>/root-key`, one base64 line per version, the newest last. The file belongs to the
 * service alone (0600); whoever has it and the database can read everything, so it is never part of a backup of the
 * database.
 */
export class FileRootKeys extends LocalRootKeys {
  readonly path: string;

  private constructor(dataFolder: string) {
    super();
    this.path = join(dataFolder, 'root-key');
  }

  /** Reads the file, or makes it with a first key. @throws when others may read the file, or it is damaged */
  static async open(dataFolder: string): Promise<FileRootKeys> {
    const keys = new FileRootKeys(dataFolder);
    await keys.create();
    await keys.load();
    return keys;
  }

  /** Read anew each time, and so is the file before every wrap: another process may have added a version. */
  override async current(): Promise<string> {
    await this.load();
    return super.current();
  }

  override async versions(): Promise<readonly string[]> {
    await this.load();
    return super.versions();
  }

  override async wrap(key: Uint8Array, aad: string): Promise<string> {
    await this.load();
    return super.wrap(key, aad);
  }

  override async unwrap(wrapped: string, aad: string): Promise<Uint8Array> {
    if (!this.knows(versionOf(wrapped))) await this.load();
    return super.unwrap(wrapped, aad);
  }

  /** Adds a new version and makes it current. @returns the new version */
  async addVersion(): Promise<string> {
    await this.rewrite((lines) => [...lines, randomBytes(keyLength).toString('base64')]);
    return this.current();
  }

  /** Removes a version from the file for good: what only it wrapped is lost. @throws for the current version */
  async destroyVersion(version: string): Promise<void> {
    if (version === (await this.current())) throw new Error('the current root key version cannot be destroyed');
    await this.rewrite((lines) => lines.filter((line) => versionName(Buffer.from(line, 'base64')) !== version));
  }

  private async create(): Promise<void> {
    if (await exists(this.path)) return;
    // Written whole under another name, then linked: of processes that start at once one makes the key, and a crash
    // leaves no half file.
    const temporary = `${this.path}.${process.pid}.${randomBytes(4).toString('hex')}`;
    await this.write(temporary, [randomBytes(keyLength).toString('base64')]);
    try {
      await link(temporary, this.path);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    } finally {
      await unlink(temporary);
    }
    await syncDirectory(dirname(this.path));
  }

  private async load(): Promise<readonly string[]> {
    const file = await open(this.path, constants.O_RDONLY);
    try {
      await this.refuseReadableByOthers(file);
      const lines = (await file.readFile('utf8')).split('\n').filter((line) => line !== '');
      if (lines.length === 0) throw new Error(`${this.path} holds no root key`);
      this.hold(lines.map((line) => parseRootKey(line, `every line of ${this.path}`)));
      return lines;
    } finally {
      await file.close();
    }
  }

  private async refuseReadableByOthers(file: FileHandle): Promise<void> {
    // Windows keeps no such bits; there the folder's access list protects the file.
    if (process.platform === 'win32') return;
    const { mode } = await file.stat();
    if ((mode & othersMayAccess) !== 0) throw new Error(`${this.path} must be readable by its owner only (chmod 600)`);
  }

  private async rewrite(change: (lines: readonly string[]) => readonly string[]): Promise<void> {
    const temporary = `${this.path}.new`;
    const lines = await this.load();
    await unlink(temporary).catch(() => undefined);
    await this.write(temporary, change(lines));
    await rename(temporary, this.path);
    await syncDirectory(dirname(this.path));
    await this.load();
  }

  private async write(path: string, lines: readonly string[]): Promise<void> {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, privateMode);
    try {
      await file.writeFile(`${lines.join('\n')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
