import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SealBroken } from '../../../src/application/ports/vault.js';
import { EnvironmentRootKeys } from '../../../src/infrastructure/vault/environment-root-keys.js';
import { FileRootKeys } from '../../../src/infrastructure/vault/file-root-keys.js';
import { RootKeyMissing } from '../../../src/infrastructure/vault/root-keys.js';
import { rejection } from '../../support/rejection.js';
import { rootKeyText, temporaryFolder } from '../../support/vault-fixtures.js';

const key = Buffer.alloc(32, 1);

describe('EnvironmentRootKeys', () => {
  it('wraps under the current key and unwraps under both', async () => {
    const old = new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(1) });
    const wrapped = await old.wrap(key, 'place');
    const rotated = new EnvironmentRootKeys({
      ANNAL_ROOT_KEY: rootKeyText(2),
      ANNAL_ROOT_KEY_PREVIOUS: rootKeyText(1),
    });
    expect(Buffer.from(await rotated.unwrap(wrapped, 'place'))).to.deep.equal(key);
    expect(await rotated.wrap(key, 'place')).to.match(new RegExp(`^${await rotated.current()}\\.`));
    expect(await rotated.versions()).to.have.members([await old.current(), await rotated.current()]);
  });

  it('says which version is missing', async () => {
    const wrapped = await new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(1) }).wrap(key, 'place');
    const other = new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(2) });
    expect(await rejection(other.unwrap(wrapped, 'place'))).to.be.instanceOf(RootKeyMissing);
  });

  it('refuses a wrapped key at another place', async () => {
    const keys = new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(1) });
    expect(await rejection(keys.unwrap(await keys.wrap(key, 'tenant 1'), 'tenant 2'))).to.be.instanceOf(SealBroken);
  });

  it('refuses what is not the base64 of 32 bytes, without repeating it', () => {
    for (const text of [
      '',
      'secret-canary',
      rootKeyText(1).slice(4),
      `${rootKeyText(1)}\n`,
      Buffer.alloc(33).toString('base64'),
    ]) {
      expect(() => new EnvironmentRootKeys({ ANNAL_ROOT_KEY: text }), text)
        .to.throw('ANNAL_ROOT_KEY must be the base64 text of 32 bytes')
        .with.property('message')
        .not.contain('canary');
    }
  });
});

describe('FileRootKeys', () => {
  let folder: { path: string; remove(): void };
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('makes a key that only its owner can read, and finds it again', async () => {
    const keys = await FileRootKeys.open(folder.path);
    const wrapped = await keys.wrap(key, '');
    expect(statSync(keys.path).mode & 0o777).to.equal(0o600);
    expect(readdirSync(folder.path)).to.deep.equal(['root-key']);
    const again = await FileRootKeys.open(folder.path);
    expect(Buffer.from(await again.unwrap(wrapped, ''))).to.deep.equal(key);
  });

  it('makes one key when several processes start at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => FileRootKeys.open(folder.path)));
    const versions = await Promise.all(all.map((keys) => keys.current()));
    expect(new Set(versions)).to.have.property('size', 1);
    expect(readdirSync(folder.path)).to.deep.equal(['root-key']);
  });

  for (const mode of [0o640, 0o604, 0o660]) {
    it(`refuses a file with mode ${mode.toString(8)}`, async () => {
      const { path } = await FileRootKeys.open(folder.path);
      chmodSync(path, mode);
      expect(await rejection(FileRootKeys.open(folder.path)))
        .to.have.property('message')
        .that.contains('chmod 600');
    });
  }

  it('refuses an empty or damaged file instead of making a new key', async () => {
    for (const content of ['', '\n', 'x\n', rootKeyText(1).slice(0, 40)]) {
      writeFileSync(join(folder.path, 'root-key'), content, { mode: 0o600 });
      await rejection(FileRootKeys.open(folder.path));
      expect(readFileSync(join(folder.path, 'root-key'), 'utf8')).to.equal(content);
    }
  });

  it('keeps old versions until they are destroyed', async () => {
    const keys = await FileRootKeys.open(folder.path);
    const first = await keys.current();
    const wrapped = await keys.wrap(key, '');
    const second = await keys.addVersion();
    expect(await keys.versions()).to.deep.equal([first, second]);
    expect(await keys.wrap(key, '')).to.match(new RegExp(`^${second}\\.`));
    expect(Buffer.from(await keys.unwrap(wrapped, ''))).to.deep.equal(key);

    expect(await rejection(keys.destroyVersion(second)))
      .to.have.property('message')
      .that.contains('current');
    await keys.destroyVersion(first);
    expect(await rejection(keys.unwrap(wrapped, ''))).to.be.instanceOf(RootKeyMissing);
    expect(statSync(keys.path).mode & 0o777).to.equal(0o600);
  });

  it('learns of a version that another process added', async () => {
    const [one, other] = [await FileRootKeys.open(folder.path), await FileRootKeys.open(folder.path)];
    await one.addVersion();
    expect(Buffer.from(await other.unwrap(await one.wrap(key, ''), ''))).to.deep.equal(key);
    await one.addVersion();
    expect(await other.wrap(key, '')).to.match(new RegExp(`^${await one.current()}\\.`));
  });
});
