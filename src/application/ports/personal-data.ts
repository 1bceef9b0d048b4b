import type { TenantId, UserId } from '../../domain/values.js';

/** What is kept about people outside the log. */
export abstract class PersonalData {
  /** Removes a person's data from read models, snapshots and queued messages; again is harmless. */
  abstract purge(tenant: TenantId, subject: UserId): Promise<void>;
}
