import type { Instant, TenantId } from '../../domain/values.js';

export type UsedIdPurpose = 'client-assertion' | 'dpop-proof';

/** Ids that somebody else chose and that count once: of assertions and proofs, for as long as those could be shown again. */
export abstract class UsedIds {
  /** Whether it is used now for the first time; of many at once one is told so. */
  abstract use(tenant: TenantId, purpose: UsedIdPurpose, id: string, until: Instant): Promise<boolean>;
  /** Forgets what ended before. */
  abstract expire(before: Instant): Promise<number>;
}
