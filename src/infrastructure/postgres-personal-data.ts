import type { Idempotency } from '../application/ports/idempotency.js';
import type { Outbox } from '../application/ports/outbox.js';
import { PersonalData } from '../application/ports/personal-data.js';
import type { TenantId, UserId } from '../domain/values.js';
import type { PostgresSnapshots } from './postgres-snapshots.js';
import type { ReadModelPurge } from './projection-runner/purge.js';

/** Purges what read models declare as personal, snapshots, queued messages, answers kept for retries, and the mailbox for development. */
export class PostgresPersonalData extends PersonalData {
  constructor(
    private readonly readModels: ReadModelPurge,
    private readonly snapshots: PostgresSnapshots,
    private readonly outbox: Pick<Outbox, 'forget'>,
    private readonly idempotency: Pick<Idempotency, 'forget'>,
  ) {
    super();
  }

  async purge(tenant: TenantId, subject: UserId): Promise<void> {
    await this.readModels.purge(tenant, subject);
    await this.snapshots.purge(tenant, subject);
    await this.outbox.forget(tenant, subject);
    await this.idempotency.forget(tenant, subject);
  }
}
