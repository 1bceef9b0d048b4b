import type { Instant, TenantId } from '../../domain/values.js';

/** How often one recipient may be written to on request. */
export abstract class MessageLimits {
  /** Counts one message; false when `perHour` have been sent to the recipient in the last hour. */
  abstract take(tenant: TenantId, recipient: string, perHour: number, at: Instant): Promise<boolean>;
  /** Forgets recipients whose hour ended before `before`; returns how many. */
  abstract expire(before: Instant): Promise<number>;
}
