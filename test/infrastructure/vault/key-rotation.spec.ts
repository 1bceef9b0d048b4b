import { expect } from 'chai';
import type { KeyRef } from '../../../src/application/ports/vault.js';
import type { TenantId } from '../../../src/domain/values.js';
import type { Database } from '../../../src/infrastructure/database.js';
import { SystemClock } from '../../../src/infrastructure/system-clock.js';
import { EnvironmentRootKeys } from '../../../src/infrastructure/vault/environment-root-keys.js';
import { ErasureCompletion } from '../../../src/infrastructure/vault/erasure-completion.js';
import { ErasuresInProgress } from '../../../src/infrastructure/vault/erasures-in-progress.js';
import { FileErasureLedger } from '../../../src/infrastructure/vault/file-erasure-ledger.js';
import { FileRootKeys } from '../../../src/infrastructure/vault/file-root-keys.js';
import { PostgresVault } from '../../../src/infrastructure/vault/postgres-vault.js';
import { RootKeyRotation } from '../../../src/infrastructure/vault/root-key-rotation.js';
import { RootKeyMissing, type RootKeys } from '../../../src/infrastructure/vault/root-keys.js';
import { TenantKeyRotation } from '../../../src/infrastructure/vault/tenant-key-rotation.js';
import { rejection } from '../../support/rejection.js';
import { migratedDatabase, rootKeyText, temporaryFolder } from '../../support/vault-fixtures.js';

/** Data keys of the tenant that is rotated under load. */
const manyKeys = process.env['ANNAL_TEST_FULL'] ? 100_000 : 2_500;

const tenantOf = (index: number): TenantId => `0190a1b2-0000-7000-8000-${String(index).padStart(12, '0')}` as TenantId;
const person = (tenant: TenantId, index: number): KeyRef => ({ tenant, scope: 'person', id: `p${index}` });
const clear = Buffer.from('ada@example.org');
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

type KeyCopy = { tenant: string; wrapped_key: string; wrapped: Buffer };

describe('rotation of wrapping keys', () => {
  const folder = temporaryFolder();
  let database: Database;
  let close: () => Promise<void>;
  const vaultWith = (keys: RootKeys): PostgresVault =>
    new PostgresVault(database, keys, new FileErasureLedger(folder.path), new SystemClock());

  beforeEach(async () => {
    ({ database, close } = await migratedDatabase());
  });
  afterEach(() => close());
  after(() => folder.remove());

  /** Tenants with people, each with something sealed. */
  async function populate(vault: PostgresVault, tenants: number, people: number): Promise<Map<KeyRef, string>> {
    const sealed = new Map<KeyRef, string>();
    for (let index = 0; index < tenants; index++) {
      const tenant = tenantOf(index);
      await vault.createTenant(tenant);
      const refs = Array.from({ length: people }, (_, number) => person(tenant, number));
      for (let start = 0; start < people; start += 500) {
        await Promise.all(refs.slice(start, start + 500).map((ref) => vault.createKey(ref)));
      }
      const keyring = await vault.keysToSeal(refs);
      for (const ref of refs) sealed.set(ref, keyring.seal(ref, clear, 'aad'));
    }
    return sealed;
  }

  async function expectAllOpen(vault: PostgresVault, sealed: ReadonlyMap<KeyRef, string>): Promise<void> {
    const keyring = await vault.keysToOpen([...sealed.keys()]);
    for (const [ref, value] of sealed)
      expect(text(keyring.open(ref, value, 'aad')), ref.id).to.equal('ada@example.org');
  }

  it('moves every tenant to the current root key; sealed values and look-ups stay (PR-04)', async () => {
    const old = new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(1) });
    const sealed = await populate(vaultWith(old), 450, 1);
    const mac = await vaultWith(old).mac(tenantOf(7), 'claim', 'ada');
    const both = new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(2), ANNAL_ROOT_KEY_PREVIOUS: rootKeyText(1) });
    const rotation = new RootKeyRotation(database.pool, both);
    const progress: string[] = [];

    expect(await rotation.rotate((done, total) => progress.push(`${done}/${total}`))).to.equal(450);
    expect(progress).to.deep.equal(['200/450', '400/450', '450/450']);
    expect(await rotation.versionsInUse()).to.deep.equal([await both.current()]);
    expect(await rotation.rotate()).to.equal(0);

    const onlyNew = vaultWith(new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(2) }));
    await expectAllOpen(onlyNew, sealed);
    expect(await onlyNew.mac(tenantOf(7), 'claim', 'ada')).to.deep.equal(mac);
    expect(await rejection(vaultWith(old).mac(tenantOf(7), 'claim', 'ada'))).to.be.instanceOf(RootKeyMissing);
  });

  it('goes on where it was interrupted', async () => {
    const both = new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(2), ANNAL_ROOT_KEY_PREVIOUS: rootKeyText(1) });
    const sealed = await populate(vaultWith(new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(1) })), 300, 1);
    const interrupted = new RootKeyRotation(database.pool, both).rotate(() => {
      throw new Error('killed');
    });
    expect(await rejection(interrupted)).to.have.property('message', 'killed');
    await expectAllOpen(vaultWith(both), sealed);
    expect(await new RootKeyRotation(database.pool, both).rotate()).to.equal(100);
    await expectAllOpen(vaultWith(new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(2) })), sealed);
  });

  it('replaces a tenant key while people are read, made and erased: nothing fails (PR-04)', async function () {
    this.timeout(600_000);
    const keys = new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(1) });
    const tenant = tenantOf(0);
    const sealed = await populate(vaultWith(keys), 1, manyKeys);
    const values = [...sealed.values()];
    const rotation = new TenantKeyRotation(database.pool, keys);
    const other = vaultWith(keys);
    let rotating = true;
    const load = (async (): Promise<number> => {
      let made = 0;
      for (; rotating || made === 0; made++) {
        const fresh = vaultWith(keys);
        await other.createKey(person(tenant, manyKeys + 2 * made));
        await fresh.seal(person(tenant, manyKeys + 2 * made), clear, '');
        await other.destroyKey(person(tenant, manyKeys + 2 * made + 1));
        const ref = person(tenant, made % manyKeys);
        const value = values[made % manyKeys] ?? '';
        expect(text(await fresh.open(ref, value, 'aad'))).to.equal('ada@example.org');
      }
      return made;
    })();
    for (let round = 0; round < 3; round++) expect(await rotation.rotate(tenant)).to.be.at.least(manyKeys);
    rotating = false;
    const made = await load;

    await expectAllOpen(vaultWith(keys), sealed);
    const { rows } = await database.pool.query(
      `select t.generation, t.wrapped_previous, count(*)::integer as keys, min(k.generation) as oldest
         from vault_tenants t join vault_keys k using (tenant) where k.wrapped is not null group by 1, 2`,
    );
    expect(rows).to.deep.equal([{ generation: 4, wrapped_previous: null, keys: manyKeys + made, oldest: 4 }]);
  });

  it('finishes a tenant rotation that was interrupted before it starts another', async () => {
    const keys = new EnvironmentRootKeys({ ANNAL_ROOT_KEY: rootKeyText(1) });
    const sealed = await populate(vaultWith(keys), 1, 1_200);
    const rotation = new TenantKeyRotation(database.pool, keys);
    const interrupted = rotation.rotate(tenantOf(0), () => {
      throw new Error('killed');
    });
    expect(await rejection(interrupted)).to.have.property('message', 'killed');
    await expectAllOpen(vaultWith(keys), sealed);
    expect(await rotation.rotate(tenantOf(0))).to.equal(200 + 1_200);
    await expectAllOpen(vaultWith(keys), sealed);
  });

  it('makes an erasure final: not even the wrapped key from an old backup opens anything (PR-10)', async () => {
    const home = temporaryFolder();
    const keys = await FileRootKeys.open(home.path);
    const vault = vaultWith(keys);
    const sealed = await populate(vault, 2, 2);
    const { rows: backup } = await database.pool.query<KeyCopy>(
      `select tenant, t.wrapped_key, k.wrapped from vault_keys k join vault_tenants t using (tenant) where k.id = 'p0'`,
    );
    expect(backup).to.have.length(2);
    const completion = new ErasureCompletion(
      database.pool,
      keys,
      new TenantKeyRotation(database.pool, keys),
      new RootKeyRotation(database.pool, keys),
    );
    const [version] = await keys.versions();
    const erased = person(tenantOf(0), 0);
    await vault.destroyKey(erased);
    expect(await new ErasuresInProgress(database.pool).unfinished()).to.deep.include({ keys: 1 });

    expect(await completion.replaceKeys()).to.equal(1);
    await expectAllOpen(vault, new Map([...sealed].filter(([{ id }]) => id === 'p1')));
    expect(await completion.destroyOldVersions()).to.deep.equal([version]);
    expect(await completion.destroyOldVersions()).to.deep.equal([]);
    expect(await new ErasuresInProgress(database.pool).unfinished()).to.deep.equal({ keys: 0, since: undefined });
    for (const { wrapped_key: wrapped } of backup) {
      expect(await rejection(keys.unwrap(wrapped, ''))).to.be.instanceOf(RootKeyMissing);
    }
    // No row that exists today is wrapped in a way that opens the erased person's copy either: its tenant's key is
    // another one.
    const { rows: today } = await database.pool.query('select generation from vault_tenants order by tenant');
    expect(today).to.deep.equal([{ generation: 2 }, { generation: 1 }]);
    const living = new Map([...sealed].filter(([ref]) => ref.tenant !== erased.tenant || ref.id !== erased.id));
    expect(living).to.have.property('size', 3);
    await expectAllOpen(vaultWith(await FileRootKeys.open(home.path)), living);
    home.remove();
  });

  it('is advanced by a schedule: keys at once, old root versions once no backup is left that needs them (PR-10)', async () => {
    const home = temporaryFolder();
    const keys = await FileRootKeys.open(home.path);
    const vault = vaultWith(keys);
    const sealed = await populate(vault, 2, 2);
    const [first] = await keys.versions();
    const completion = new ErasureCompletion(
      database.pool,
      keys,
      new TenantKeyRotation(database.pool, keys),
      new RootKeyRotation(database.pool, keys),
    );
    const age = (days: number) =>
      database.pool.query('update vault_retired_roots set retired_at = retired_at - make_interval(days => $1)', [days]);

    expect(await completion.advance(30), 'nothing was erased').to.equal(0);
    expect(await keys.versions()).to.deep.equal([first]);

    await vault.destroyKey(person(tenantOf(0), 0));
    expect(await completion.advance(30)).to.equal(1);
    expect(await new ErasuresInProgress(database.pool).unfinished()).to.deep.equal({ keys: 0, since: undefined });
    expect(await keys.versions())
      .to.include(first)
      .and.have.length(2);
    await age(29);
    expect(await completion.advance(30)).to.equal(0);
    await age(1);
    expect(await completion.advance(30)).to.equal(1);
    expect(await keys.versions())
      .to.have.length(1)
      .and.not.include(first);
    expect(await completion.advance(30)).to.equal(0);

    const living = new Map([...sealed].filter(([ref]) => ref.tenant !== tenantOf(0) || ref.id !== 'p0'));
    await expectAllOpen(vaultWith(await FileRootKeys.open(home.path)), living);
    home.remove();
  });

  it('is advanced over what was interrupted', async () => {
    const home = temporaryFolder();
    const keys = await FileRootKeys.open(home.path);
    const vault = vaultWith(keys);
    await populate(vault, 2, 2);
    await vault.destroyKey(person(tenantOf(0), 0));
    const tenantKeys = new TenantKeyRotation(database.pool, keys);
    const rootRotation = new RootKeyRotation(database.pool, keys);
    const dying = Object.create(rootRotation) as RootKeyRotation;
    dying.rotate = () => Promise.reject(new Error('killed'));
    const interrupted = new ErasureCompletion(database.pool, keys, tenantKeys, dying);
    expect(await rejection(interrupted.advance(0))).to.have.property('message', 'killed');
    expect(await rootRotation.versionsInUse()).to.have.length(2);

    await new ErasureCompletion(database.pool, keys, tenantKeys, rootRotation).advance(0);
    expect(await rootRotation.versionsInUse()).to.deep.equal([await keys.current()]);
    expect(await keys.versions()).to.deep.equal([await keys.current()]);
    home.remove();
  });
});
