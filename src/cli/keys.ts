import { Command } from 'commander';
import type { Container } from 'inversify';
import { ErasureLedger } from '../application/ports/erasure-ledger.js';
import { RestoredAccounts } from '../application/restored-accounts.js';
import { erasureCompletionOf } from '../composition-root/scheduled-jobs.js';
import { applyLedger } from '../infrastructure/vault/apply-ledger.js';
import { BulkVault } from '../infrastructure/vault/bulk-vault.js';
import type { ErasureCompletion } from '../infrastructure/vault/erasure-completion.js';
import { FileRootKeys } from '../infrastructure/vault/file-root-keys.js';
import { RootKeyRotation } from '../infrastructure/vault/root-key-rotation.js';
import { RootKeys } from '../infrastructure/vault/root-keys.js';
import { ErasuresInProgress } from '../infrastructure/vault/erasures-in-progress.js';
import { attached, print, progress } from './attached.js';

const counted = (done: number, total: number): void => progress(`\r${done} of ${total} tenants`);

async function rotate(container: Container): Promise<void> {
  const keys = container.get(RootKeys);
  if (keys instanceof FileRootKeys) await keys.addVersion();
  const rotated = await container.get(RootKeyRotation).rotate(counted);
  progress('\n');
  print(`${rotated} tenants are wrapped under the current root key`);
  if (keys instanceof FileRootKeys) return;
  print('When every instance has the new ANNAL_ROOT_KEY, ANNAL_ROOT_KEY_PREVIOUS can go.');
}

function completion(container: Container): ErasureCompletion {
  const found = erasureCompletionOf(container);
  if (found) return found;
  throw new Error(
    'root keys from the environment are replaced by you: set a new ANNAL_ROOT_KEY, rotate, destroy the old one',
  );
}

async function applyErasures(container: Container): Promise<void> {
  const applied = await applyLedger(
    container.get(ErasureLedger),
    container.get(BulkVault),
    container.get(RestoredAccounts),
  );
  const { records, revived, erased, resetRequired } = applied;
  print(`${records} records; ${revived} keys had come back and were destroyed again`);
  print(`${erased} people were erased again; ${resetRequired} have to choose a new password`);
}

const severalMachines = `
Where several machines share a database and each has its own copy of the file root-key (ANNAL_ROOT_KEY_FILE=copied, the default with
DATABASE_URL), the service never adds a root key by itself. Do it in this order, on one of them:
  1. stop the others      2. annal keys finish-erasures (or rotate-root)      3. copy its root-key file to the others and start them
  4. make a backup; once no older one is kept, annal keys destroy-old-root, and copy the file again
A machine whose file lacks a version that is in use does not start, or says on /health/ready that it is not ready.
`;

export const keysCommand = (): Command =>
  new Command('keys')
    .description('the root key, and what makes erasures final')
    .addHelpText('after', severalMachines)
    .addCommand(
      new Command('rotate-root')
        .description('wrap every tenant key under a new root key; no event and no data key is touched')
        .action(() => attached(rotate)),
    )
    .addCommand(
      new Command('apply-ledger')
        .description('after a restore, before the service starts: destroy what had been destroyed since the backup')
        .action(() => attached(applyErasures)),
    )
    .addCommand(
      new Command('status').description('erased keys that old backups could still open').action(() =>
        attached(async (container) => {
          const erasures = container.get(ErasuresInProgress);
          const { people, since: begunAt } = await erasures.begun();
          if (people > 0)
            print(`${people} erasures have not come to their end, since ${begunAt?.toISOString() ?? '?'}`);
          const { keys, since } = await erasures.unfinished();
          print(keys === 0 ? 'every erasure is final' : `${keys} destroyed keys since ${since?.toISOString() ?? '?'}`);
        }),
      ),
    )
    .addCommand(
      new Command('finish-erasures')
        .description('replace the keys that wrapped erased ones; make a backup afterwards')
        .action(() =>
          attached(async (container) => {
            const replaced = await completion(container).replaceKeys(counted);
            progress('\n');
            print(`${replaced} tenant keys were replaced. Make a backup, then: annal keys destroy-old-root`);
          }),
        ),
    )
    .addCommand(
      new Command('destroy-old-root')
        .description('destroy root key versions that nothing is wrapped under: older backups cannot be opened any more')
        .action(() =>
          attached(async (container) => {
            const destroyed = await completion(container).destroyOldVersions();
            print(destroyed.length === 0 ? 'there is none' : `destroyed: ${destroyed.join(', ')}`);
          }),
        ),
    );
