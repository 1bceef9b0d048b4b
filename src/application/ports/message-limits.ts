import type { Instant, TenantId } from '../../domain/values.js';

/** How often one recipient may be written to on request. */
export abstract class MessageLimits {
  /** Counts one message; false when `perHour` have been sent to the recipient in the last hour. */
  abstract take(tenant: TenantId, recipient: string, perHour: number, at: Instant): Promise<boolean>;
}
