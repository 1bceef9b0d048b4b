import type { ErasureLedger } from '../../application/ports/erasure-ledger.js';
import type { KeyRef } from '../../application/ports/vault.js';
import type { BulkVault } from './bulk-vault.js';

const batch = 1_000;

export type AppliedLedger = Readonly<{
  records: number;
  /**
   * Keys that a restored backup had brought back: erased people, and replaced credentials that are the current ones
   * again.
   */
  revived: readonly KeyRef[];
}>;

/**
 * Destroys again everything that the ledger records. To be run after a restore, before anything is served; again is
 * harmless.
 */
export async function applyLedger(ledger: ErasureLedger, vault: BulkVault): Promise<AppliedLedger> {
  const revived: KeyRef[] = [];
  let records = 0;
  let refs: KeyRef[] = [];
  const destroy = async (): Promise<void> => {
    revived.push(...(await vault.destroyAgain(refs)));
    refs = [];
  };
  for await (const { tenant, scope, id } of ledger.read()) {
    records++;
    if (refs.push({ tenant, scope, id }) === batch) await destroy();
  }
  await destroy();
  return { records, revived };
}
