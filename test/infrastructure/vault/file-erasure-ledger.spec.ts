import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { type Erasure, wholeTenant } from '../../../src/application/ports/erasure-ledger.js';
import type { KeyRef } from '../../../src/application/ports/vault.js';
import type { Instant, TenantId, UserId } from '../../../src/domain/values.js';
import { applyLedger } from '../../../src/infrastructure/vault/apply-ledger.js';
import { FileErasureLedger } from '../../../src/infrastructure/vault/file-erasure-ledger.js';
import { MemoryVault } from '../../support/memory-vault.js';
import { rejection } from '../../support/rejection.js';
import { temporaryFolder } from '../../support/vault-fixtures.js';

const tenant = '0190a1b2-0000-7000-8000-000000000001' as TenantId;
const at = '2026-07-01T10:00:00.000Z' as Instant;
const erasure = (id: string): Erasure => ({ tenant, scope: 'person', id, at });
async function read(ledger: FileErasureLedger): Promise<readonly Erasure[]> {
  const all: Erasure[] = [];
  for await (const record of ledger.read()) all.push(record);
  return all;
}

describe('FileErasureLedger', () => {
  let folder: { path: string; remove(): void };
  let ledger: FileErasureLedger;
  beforeEach(() => {
    folder = temporaryFolder();
    ledger = new FileErasureLedger(folder.path);
  });
  afterEach(() => folder.remove());

  it('is empty at first', async () => {
    expect(await read(ledger)).to.deep.equal([]);
  });

  it('keeps records in order, one line each, for its owner only', async () => {
    await ledger.record([erasure('a'), { ...erasure('b'), scope: 'credential' }]);
    await new FileErasureLedger(folder.path).record([erasure('c')]);
    expect(await read(ledger)).to.deep.equal([erasure('a'), { ...erasure('b'), scope: 'credential' }, erasure('c')]);
    expect(readFileSync(ledger.path, 'utf8').split('\n')).to.have.length(4);
    expect(statSync(ledger.path).mode & 0o777).to.equal(0o600);
  });

  it('keeps every one of many records at once', async () => {
    const ids = Array.from({ length: 500 }, (_, index) => `p${index}`);
    await Promise.all(ids.map((id) => ledger.record([erasure(id)])));
    expect((await read(ledger)).map(({ id }) => id)).to.deep.equal(ids);
  });

  it('passes over a line that a crash cut off, also when more is recorded after it', async () => {
    await ledger.record([erasure('a')]);
    appendFileSync(ledger.path, '{"tenant":"0190');
    expect((await read(ledger)).map(({ id }) => id)).to.deep.equal(['a']);
    await ledger.record([erasure('b')]);
    expect((await read(ledger)).map(({ id }) => id)).to.deep.equal(['a', 'b']);
  });

  it('refuses a changed line: an erasure would be forgotten', async () => {
    await ledger.record([erasure('a'), erasure('b')]);
    const text = readFileSync(ledger.path, 'utf8');
    for (const damaged of [
      text.replace('"person"', '"persom"'),
      text.replace('{', ''),
      text.replace('"a"', '1'),
      `${text}{}\n`,
    ]) {
      writeFileSync(ledger.path, damaged);
      expect(await rejection(read(ledger)))
        .to.have.property('message')
        .that.contains('damaged');
    }
  });

  it('answers a failed write to the one who asked, and goes on', async () => {
    const unwritable = new FileErasureLedger(`${folder.path}/missing`);
    await rejection(unwritable.record([erasure('a')]));
    await rejection(unwritable.record([erasure('b')]));
    await ledger.record([erasure('c')]);
  });

  it('is applied after a restore: what the backup brought back is destroyed again (PR-05)', async () => {
    const key = (id: string): KeyRef => ({ tenant, scope: 'person', id });
    const vault = new MemoryVault();
    await vault.createTenant(tenant);
    for (const id of ['kept', 'erased', 'erased-before-backup']) await vault.createKey(key(id));
    const sealed = await vault.seal(key('erased'), Buffer.from('x'), '');
    await vault.destroyKey(key('erased-before-backup'));
    await ledger.record([erasure('erased-before-backup'), erasure('erased'), erasure('unknown-to-backup')]);

    const erased: string[] = [];
    const accounts = {
      erase: async (_: TenantId, id: UserId) => erased.push(id) > 0 && id === 'erased',
      requireReset: async () => false,
    };
    const applied = { records: 3, revived: 1, erased: 1, resetRequired: 0 };
    expect(await applyLedger(ledger, vault, accounts)).to.deep.equal(applied);
    expect(erased).to.deep.equal(['erased-before-backup', 'erased', 'unknown-to-backup']);
    expect(await vault.open(key('erased'), sealed, '')).to.equal(undefined);
    await vault.seal(key('kept'), Buffer.from('x'), '');
    expect(await applyLedger(ledger, vault, accounts)).to.deep.equal({ ...applied, revived: 0 });
  });

  it('knows a whole tenant from one of its keys', () => {
    expect(wholeTenant(tenant)).to.deep.equal({ tenant, scope: 'tenant', id: tenant });
  });
});
