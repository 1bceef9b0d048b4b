import type { TenantId, UserId } from '../../domain/values.js';

/** What is kept about people outside the log. */
export abstract class PersonalData {
  /** Removes a person's data from read models, snapshots, queued messages and answers kept for retries; again is harmless. */
  abstract purge(tenant: TenantId, subject: UserId): Promise<void>;
}
