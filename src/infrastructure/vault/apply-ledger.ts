import type { ErasureLedger } from '../../application/ports/erasure-ledger.js';
import type { KeyRef } from '../../application/ports/vault.js';
import type { RestoredAccounts } from '../../application/restored-accounts.js';
import type { CredentialId, UserId } from '../../domain/values.js';
import type { BulkVault } from './bulk-vault.js';

const batch = 1_000;

export type AppliedLedger = Readonly<{
  records: number;
  /** Keys that a restored backup had brought back: of erased people and of replaced credentials. */
  revived: number;
  /** Accounts of erased people that it had brought back. */
  erased: number;
  /** People whose password it had brought back although another had replaced it: they have to choose a new one. */
  resetRequired: number;
}>;

/**
 * Destroys again everything that the ledger records, and says so to the accounts. To be run after a restore, before anything is served;
 * again is harmless, also after it was cut short.
 */
export async function applyLedger(
  ledger: ErasureLedger,
  vault: BulkVault,
  accounts: Pick<RestoredAccounts, 'erase' | 'requireReset'>,
): Promise<AppliedLedger> {
  const applied = { records: 0, revived: 0, erased: 0, resetRequired: 0 };
  let refs: KeyRef[] = [];
  const apply = async (): Promise<void> => {
    applied.revived += (await vault.destroyAgain(refs)).length;
    for (const { tenant, id } of refs.filter(({ scope }) => scope === 'person')) {
      if (await accounts.erase(tenant, id as UserId)) applied.erased += 1;
    }
    for (const { tenant, id, owner } of await vault.ownersOf(refs)) {
      if (await accounts.requireReset(tenant, owner, id as CredentialId)) applied.resetRequired += 1;
    }
    refs = [];
  };
  for await (const { tenant, scope, id } of ledger.read()) {
    applied.records += 1;
    if (refs.push({ tenant, scope, id }) === batch) await apply();
  }
  await apply();
  return applied;
}
