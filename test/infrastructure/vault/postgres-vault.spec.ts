import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { KeyMissing, type KeyRef, SealBroken } from '../../../src/application/ports/vault.js';
import type { TenantId } from '../../../src/domain/values.js';
import type { Database } from '../../../src/infrastructure/database.js';
import { SystemClock } from '../../../src/infrastructure/system-clock.js';
import { applyLedger } from '../../../src/infrastructure/vault/apply-ledger.js';
import { FileErasureLedger } from '../../../src/infrastructure/vault/file-erasure-ledger.js';
import { PostgresVault } from '../../../src/infrastructure/vault/postgres-vault.js';
import { rejection } from '../../support/rejection.js';
import { migratedDatabase, rootKeys, temporaryFolder } from '../../support/vault-fixtures.js';

const tenant = '0190a1b2-0000-7000-8000-000000000001' as TenantId;
const other = '0190a1b2-0000-7000-8000-000000000002' as TenantId;
const person = (id: string): KeyRef => ({ tenant, scope: 'person', id });
const clear = Buffer.from('ada@example.org');
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

/** Counts what is sent to the server. */
class CountingPool extends pg.Pool {
  count = 0;

  override query(...args: unknown[]): never {
    this.count++;
    return super.query(...(args as Parameters<pg.Pool['query']>)) as never;
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(5);
}

describe('PostgresVault', () => {
  const folder = temporaryFolder();
  let ledger: FileErasureLedger;
  let database: Database;
  let close: () => Promise<void>;
  let vault: PostgresVault;
  /** Another instance of the service on the same database. */
  let second: PostgresVault;

  before(async () => {
    ({ database, close } = await migratedDatabase());
    ledger = new FileErasureLedger(folder.path);
    vault = new PostgresVault(database, rootKeys(), ledger, new SystemClock());
    second = new PostgresVault(database, rootKeys(), ledger, new SystemClock());
    await vault.start();
    await second.start();
    await vault.createTenant(tenant);
    await vault.createTenant(other);
  });

  after(async () => {
    await vault.stop();
    await second.stop();
    await close();
    folder.remove();
  });

  it('opens what it sealed, also in another instance', async () => {
    await vault.createKey(person('ada'));
    const sealed = await vault.seal(person('ada'), clear, 'here');
    expect(sealed).to.match(/^v1\.[0-9a-f]{12}\.[\w-]+$/);
    expect(text(await vault.open(person('ada'), sealed, 'here'))).to.equal('ada@example.org');
    expect(text(await second.open(person('ada'), sealed, 'here'))).to.equal('ada@example.org');
  });

  it('seals the same text differently each time', async () => {
    await vault.createKey(person('ada'));
    const [one, two] = [await vault.seal(person('ada'), clear, ''), await vault.seal(person('ada'), clear, '')];
    expect(one).not.to.equal(two);
  });

  it('makes a key once', async () => {
    await vault.createKey(person('twice'));
    const sealed = await vault.seal(person('twice'), clear, '');
    await vault.createKey(person('twice'));
    await second.createKey(person('twice'));
    await vault.createTenant(tenant);
    expect(text(await second.open(person('twice'), sealed, ''))).to.equal('ada@example.org');
  });

  it('refuses a moved ciphertext: other place, person or tenant (PR-03)', async () => {
    for (const id of ['bob', 'eve']) await vault.createKey(person(id));
    const sealed = await vault.seal(person('bob'), clear, 'place 1');
    expect(await rejection(vault.open(person('bob'), sealed, 'place 2'))).to.be.instanceOf(SealBroken);
    expect(await rejection(vault.open(person('eve'), sealed, 'place 1'))).to.be.instanceOf(SealBroken);
    expect(await rejection(vault.open({ ...person('bob'), tenant: other }, sealed, 'place 1'))).to.be.instanceOf(
      KeyMissing,
    );
  });

  it('never makes person and credential keys by sealing', async () => {
    const ghost = await rejection(vault.seal(person('ghost'), clear, ''));
    expect(ghost).to.be.instanceOf(KeyMissing).with.property('message', 'there is no person key ghost');
    const none = await rejection(vault.seal({ tenant, scope: 'credential', id: 'none' }, clear, ''));
    expect(none).to.be.instanceOf(KeyMissing);
  });

  it('makes trace and tenant keys on first use', async () => {
    for (const ref of [
      { tenant, scope: 'trace', id: '2026-07' },
      { tenant, scope: 'tenant', id: 'signing' },
    ] as const) {
      const sealed = await vault.seal(ref, clear, '');
      expect(text(await second.open(ref, sealed, ''))).to.equal('ada@example.org');
    }
  });

  it('answers undefined for a destroyed key, at once in this process', async () => {
    await vault.createKey(person('gone'));
    const sealed = await vault.seal(person('gone'), clear, '');
    await vault.destroyKey(person('gone'));
    await vault.destroyKey(person('gone'));
    expect(await vault.open(person('gone'), sealed, '')).to.equal(undefined);
    expect(await rejection(vault.seal(person('gone'), clear, ''))).to.be.instanceOf(KeyMissing);
    expect(await rejection(vault.createKey(person('gone')))).to.be.instanceOf(KeyMissing);
  });

  it('never makes a key that was destroyed before it was made', async () => {
    await vault.destroyKey(person('unborn'));
    expect(await rejection(second.createKey(person('unborn')))).to.be.instanceOf(KeyMissing);
  });

  it('says that a key which was never made is missing instead of taking its owner for erased', async () => {
    expect(await rejection(vault.open(person('nobody'), 'v1.000000000000.AAAA', ''))).to.be.instanceOf(KeyMissing);
  });

  it('tells other instances of a destruction', async () => {
    await vault.createKey(person('told'));
    const sealed = await second.seal(person('told'), clear, '');
    await vault.destroyKey(person('told'));
    await until(async () => (await second.open(person('told'), sealed, '')) === undefined);
  });

  it('forgets everything when it may have missed a destruction', async () => {
    await vault.createKey(person('missed'));
    const sealed = await second.seal(person('missed'), clear, '');
    const { rowCount } = await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'annal vault' and datname = current_database()`,
    );
    expect(rowCount).to.equal(2);
    await vault.destroyKey(person('missed'));
    await until(async () => (await second.open(person('missed'), sealed, '')) === undefined);
  });

  it('asks once for all the keys of a page, and not again', async () => {
    const refs = Array.from({ length: 3_000 }, (_, index) => person(`page${index % 1_500}`));
    await Promise.all(refs.slice(0, 1_500).map((ref) => vault.createKey(ref)));
    const statements = new CountingPool(database.config);
    const counted: Database = {
      config: database.config,
      background: database.background,
      knex: database.knex,
      pool: statements,
      close: () => statements.end(),
    };
    const third = new PostgresVault(counted, rootKeys(), ledger, new SystemClock());
    const keyring = await third.keysToOpen(refs);
    expect(refs.every((ref) => keyring.holds(ref))).to.equal(true);
    await third.keysToOpen(refs);
    await third.keysToSeal(refs);
    await counted.close();
    expect(statements.count).to.equal(1);
  });

  it('records what it destroys in the ledger before it does', async () => {
    await vault.createKey(person('ledger'));
    await vault.destroyKey(person('ledger'));
    const ids: string[] = [];
    for await (const { id } of ledger.read()) ids.push(id);
    expect(ids.at(-1)).to.equal('ledger');

    const full = { record: async () => Promise.reject(new Error('disk full')), read: () => ledger.read() };
    const careful = new PostgresVault(database, rootKeys(), full, new SystemClock());
    await vault.createKey(person('kept'));
    expect(await rejection(careful.destroyKey(person('kept')))).to.have.property('message', 'disk full');
    await careful.seal(person('kept'), clear, '');
  });

  it('destroys again what a restored backup brought back (PR-05)', async () => {
    await vault.createKey(person('restored'));
    await database.pool.query(
      `update vault_keys old
          set key_id = new.key_id, wrapped = new.wrapped, generation = new.generation, destroyed_at = null
         from vault_keys new where old.id = 'ledger' and new.id = 'restored'`,
    );
    const restored = new PostgresVault(database, rootKeys(), ledger, new SystemClock());
    const nobody = { erase: async () => false, requireReset: async () => false };
    expect((await applyLedger(ledger, restored, nobody)).revived).to.equal(1);
    expect((await restored.keysToOpen([person('ledger')])).holds(person('ledger'))).to.equal(false);
  });

  it('destroys all keys of a tenant, and the tenant for good', async () => {
    const doomed = '0190a1b2-0000-7000-8000-00000000000d' as TenantId;
    const ref: KeyRef = { tenant: doomed, scope: 'person', id: 'p' };
    await vault.createTenant(doomed);
    await vault.createKey(ref);
    const sealed = await vault.seal(ref, clear, '');
    await vault.mac(doomed, 'claim', 'x');
    // Hears of nothing and still has the tenant's key.
    const deaf = new PostgresVault(database, rootKeys(), ledger, new SystemClock());
    await deaf.createKey({ ...ref, id: 'q' });
    await vault.destroyTenant(doomed);
    await vault.destroyTenant(doomed);
    expect(await vault.open(ref, sealed, '')).to.equal(undefined);
    expect(await rejection(vault.mac(doomed, 'claim', 'x'))).to.be.instanceOf(KeyMissing);
    expect(await rejection(vault.createTenant(doomed))).to.be.instanceOf(KeyMissing);
    expect(await rejection(vault.createKey(ref))).to.be.instanceOf(KeyMissing);
    expect(await rejection(deaf.createKey({ ...ref, id: 'r' }))).to.be.instanceOf(KeyMissing);
    expect(await rejection(vault.seal({ ...ref, scope: 'trace' }, clear, ''))).to.be.instanceOf(KeyMissing);
  });

  it('looks identifiers up by a keyed hash that no dictionary finds in a dump (PR-09)', async () => {
    const mac = await vault.mac(tenant, 'claim', 'ada@example.org');
    expect(mac).to.have.length(32);
    expect(await second.mac(tenant, 'claim', 'ada@example.org')).to.deep.equal(mac);
    for (const [owner, purpose] of [
      [other, 'claim'],
      [tenant, 'attempt'],
    ] as const) {
      expect(await vault.mac(owner, purpose, 'ada@example.org')).not.to.deep.equal(mac);
    }
  });
});
