import type { TenantId, UserId } from '../../domain/values.js';

export type BegunErasure = Readonly<{
  tenant: TenantId;
  user: UserId;
  /** So long ago that the command which began it is dead. */
  isOld: boolean;
}>;

/** Erasures that have begun and have not come to their end: recorded before the fact, so that whoever finds one can finish it. */
export abstract class BegunErasures {
  /** Durable when it returns; again changes nothing. */
  abstract begin(tenant: TenantId, user: UserId): Promise<void>;
  abstract end(tenant: TenantId, user: UserId): Promise<void>;
  /** Oldest first. */
  abstract list(max: number): Promise<readonly BegunErasure[]>;
}
