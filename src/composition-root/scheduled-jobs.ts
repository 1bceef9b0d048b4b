import { DeviceCodes } from '../application/ports/device-codes.js';
import { BackchannelLogout } from '../application/backchannel-logout.js';
import { BackgroundPool, type Foundation } from './binding.js';
import { ApiKeyUsage } from '../application/api-key-usage.js';
import { Idempotency } from '../application/ports/idempotency.js';
import { MessageLimits } from '../application/ports/message-limits.js';
import { Outbox } from '../application/ports/outbox.js';
import { SingleUse } from '../application/ports/single-use.js';
import { UsedIds } from '../application/ports/used-ids.js';
import { FinishBegunErasures } from '../application/finish-begun-erasures.js';
import { SigningKeyMaintenance } from '../application/signing-key-maintenance.js';
import { plusSeconds } from '../domain/values.js';
import { type Job } from '../infrastructure/job-runner.js';
import { ReadModelOperations } from '../infrastructure/projection-runner/read-model-operations.js';
import { ErasureCompletion } from '../infrastructure/vault/erasure-completion.js';
import { FileRootKeys } from '../infrastructure/vault/file-root-keys.js';
import { RootKeyRotation } from '../infrastructure/vault/root-key-rotation.js';
import { RootKeys } from '../infrastructure/vault/root-keys.js';
import { TenantKeyRotation } from '../infrastructure/vault/tenant-key-rotation.js';
import { ErasuresInProgress } from '../infrastructure/vault/erasures-in-progress.js';
import { type Container } from 'inversify';

const day = 86_400;

/** Undefined where root keys come from the environment: only a file can be changed. */
export function erasureCompletionOf(container: Container): ErasureCompletion | undefined {
  const keys = container.get(RootKeys);
  if (!(keys instanceof FileRootKeys)) return undefined;
  const rotations = [container.get(TenantKeyRotation), container.get(RootKeyRotation)] as const;
  return new ErasureCompletion(container.get(BackgroundPool), keys, ...rotations);
}

/**
 * Root keys from the environment are replaced by whoever sets them, and so is a file of which other machines have copies: what this machine
 * would wrap under a version of its own, they could not read.
 */
async function finishErasures(
  container: Container,
  { backupDays = 30, onlyRootKeyFile = false, log }: Foundation,
): Promise<number | undefined> {
  if (onlyRootKeyFile) return erasureCompletionOf(container)?.advance(backupDays);
  const { keys } = await container.get(ErasuresInProgress).unfinished();
  if (keys > 0) log.warn('erasures-wait-for-operator', { keys, see: 'annal keys --help' });
  return undefined;
}

/** Every scheduled job. */
export const jobsOf = (container: Container, foundation: Foundation): readonly Job[] => [
  { name: 'signing-keys', everySeconds: 3_600, run: (at) => container.get(SigningKeyMaintenance).run(at) },
  {
    name: 'expire-codes',
    everySeconds: 3_600,
    run: (at) => container.get(SingleUse).expire(plusSeconds(at, -30 * day)),
  },
  { name: 'expire-device-codes', everySeconds: 3_600, run: (at) => container.get(DeviceCodes).expire(at) },
  // Back-channel logout is worth most at once.
  { name: 'backchannel-logout', everySeconds: 15, run: (at) => container.get(BackchannelLogout).deliverDue(at) },
  { name: 'expire-used-ids', everySeconds: 3_600, run: (at) => container.get(UsedIds).expire(at) },
  { name: 'api-key-usage', everySeconds: 3_600, run: (at) => container.get(ApiKeyUsage).tell(at) },
  { name: 'expire-outbox', everySeconds: 3_600, run: (at) => container.get(Outbox).expire(at) },
  { name: 'expire-message-limits', everySeconds: 3_600, run: (at) => container.get(MessageLimits).expire(at) },
  { name: 'expire-idempotency', everySeconds: 3_600, run: (at) => container.get(Idempotency).expire(at) },
  // PR-10: keys are gone within a minute, whoever died.
  { name: 'finish-begun-erasures', everySeconds: 30, run: (at) => container.get(FinishBegunErasures).run(at) },
  {
    name: 'finish-erasures',
    everySeconds: day,
    run: async () => (await finishErasures(container, foundation)) ?? 0,
  },
  {
    name: 'retire-read-models',
    everySeconds: 3_600,
    run: async () => (await container.get(ReadModelOperations).retirement.retire()).length,
  },
];
