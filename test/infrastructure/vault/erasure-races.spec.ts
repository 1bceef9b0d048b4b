import { expect } from 'chai';
import { KeyMissing, type KeyRef } from '../../../src/application/ports/vault.js';
import type { TenantId, UserId } from '../../../src/domain/values.js';
import type { Database } from '../../../src/infrastructure/database.js';
import { SystemClock } from '../../../src/infrastructure/system-clock.js';
import { FileErasureLedger } from '../../../src/infrastructure/vault/file-erasure-ledger.js';
import { PostgresVault } from '../../../src/infrastructure/vault/postgres-vault.js';
import { rejection } from '../../support/rejection.js';
import { migratedDatabase, rootKeys, temporaryFolder } from '../../support/vault-fixtures.js';

const tenant = '0190a1b2-0000-7000-8000-000000000001' as TenantId;
const races = 1_000;
const atOnce = 50;
const refs = Array.from({ length: races }, (_, index): KeyRef => ({ tenant, scope: 'person', id: `p${index}` }));

describe('erasing while commands are in flight (PR-07)', () => {
  const folder = temporaryFolder();
  let database: Database;
  let close: () => Promise<void>;
  let eraser: PostgresVault;
  let other: PostgresVault;
  const newInstance = (): PostgresVault =>
    new PostgresVault(database, rootKeys(), new FileErasureLedger(folder.path), new SystemClock());

  before(async () => {
    ({ database, close } = await migratedDatabase());
    eraser = newInstance();
    other = newInstance();
    for (const instance of [eraser, other]) await instance.start();
    await eraser.createTenant(tenant);
  });

  after(async () => {
    for (const instance of [eraser, other]) await instance.stop();
    await close();
    folder.remove();
  });

  /**
   * Makes, uses and destroys a key at once, in both instances, beginning elsewhere each time. @returns what was sealed
   */
  async function race(ref: KeyRef, index: number): Promise<string | undefined> {
    const use = (vault: PostgresVault) => async (): Promise<string> => {
      await vault.createKey(ref);
      return vault.seal(ref, Buffer.from('ada@example.org'), '');
    };
    const steps = [use(eraser), use(other), () => eraser.destroyKey(ref), use(other), use(eraser)];
    const results = await Promise.allSettled(steps.map((_, step) => steps[(step + index) % steps.length]?.()));
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).to.be.instanceOf(KeyMissing);
    }
    return results
      .map((result) => (result.status === 'fulfilled' ? result.value : undefined))
      .find((value) => value !== undefined);
  }

  it(`leaves nothing readable in ${races} races`, async function () {
    this.timeout(60_000);
    const sealed = new Map<KeyRef, string>();
    for (let start = 0; start < races; start += atOnce) {
      await Promise.all(
        refs.slice(start, start + atOnce).map(async (ref, offset) => {
          const value = await race(ref, start + offset);
          if (value !== undefined) sealed.set(ref, value);
        }),
      );
    }
    // It is a race: some came before the destruction.
    expect(sealed.size).to.be.greaterThan(races / 100);

    // What was sealed cannot be opened: not by a new process, and not by the one whose cache was filled while it
    // destroyed.
    for (const vault of [newInstance(), eraser]) {
      const keyring = await vault.keysToOpen(refs);
      for (const [ref, value] of sealed) expect(keyring.open(ref, value, ''), ref.id).to.equal(undefined);
      for (const ref of refs) expect(keyring.holds(ref), ref.id).to.equal(false);
    }
    const { rows } = await database.pool.query(
      'select count(*)::integer as keys from vault_keys where wrapped is not null',
    );
    expect(rows).to.deep.equal([{ keys: 0 }]);
  });

  it(`leaves no credential of the person either, in ${races} races`, async function () {
    this.timeout(60_000);
    const people = refs.map(({ id }): KeyRef => ({ tenant, scope: 'person', id: `owner-${id}` }));
    let made = 0;
    for (let start = 0; start < races; start += atOnce) {
      await Promise.all(
        people.slice(start, start + atOnce).map(async (person, offset) => {
          await eraser.createKey(person);
          const make = (vault: PostgresVault, name: string) => async (): Promise<void> => {
            const ref: KeyRef = { tenant, scope: 'credential', id: `${name}-of-${person.id}` };
            await vault.createKey(ref, person.id as UserId);
            await vault.seal(ref, Buffer.from('$argon2id$'), '');
            made += 1;
          };
          const steps = [
            make(eraser, 'first'),
            () => eraser.destroyKey(person),
            make(other, 'second'),
            make(eraser, 'third'),
          ];
          const results = await Promise.allSettled(steps.map((_, step) => steps[(step + offset) % steps.length]?.()));
          for (const result of results) {
            if (result.status === 'rejected') expect(result.reason).to.be.instanceOf(KeyMissing);
          }
          expect(await rejection(make(other, 'late')())).to.be.instanceOf(KeyMissing);
        }),
      );
    }
    // It is a race: some came before the destruction.
    expect(made).to.be.at.least(races / 100);
    const { rows } = await database.pool.query(
      "select id from vault_keys where wrapped is not null and id like '%-of-owner-%'",
    );
    expect(rows).to.deep.equal([]);
  });

  it('makes no credential for a person who never was, and leaves those of others alone', async () => {
    const credential = (id: string): KeyRef => ({ tenant, scope: 'credential', id });
    expect(await rejection(eraser.createKey(credential('of-nobody'), 'nobody' as UserId))).to.be.instanceOf(KeyMissing);
    for (const id of ['ada', 'bob']) {
      await eraser.createKey({ tenant, scope: 'person', id });
      await eraser.createKey(credential(`of-${id}`), id as UserId);
    }
    const sealed = await other.seal(credential('of-bob'), Buffer.from('$argon2id$'), '');
    await other.destroyKey({ tenant, scope: 'person', id: 'ada' });
    const restarted = newInstance();
    expect(await rejection(restarted.seal(credential('of-ada'), Buffer.from('x'), ''))).to.be.instanceOf(KeyMissing);
    expect(Buffer.from((await restarted.open(credential('of-bob'), sealed, '')) ?? []).toString()).to.equal(
      '$argon2id$',
    );
  });
});
