import type { TenantId } from '../../domain/values.js';

/** A tenant as a request names it. */
export type TenantRef = Readonly<{ id: TenantId; slug: string }>;

/** The reserved tenant in which installation administrators live. */
export const systemSlug = 'system';

/** Finds the tenant that a request belongs to. Must answer from memory for tenants it has seen. */
export abstract class Tenants {
  /** Undefined where there is no such tenant or it was removed; a suspended tenant resolves with `suspended`. */
  abstract resolve(slug: string): Promise<(TenantRef & Readonly<{ suspended: boolean }>) | undefined>;

  /** Whether pages of `origin` may call the tenant's routes that allow it (rows with `cors: 'tenant-origins'`). */
  async allowsOrigin(_tenant: TenantRef, _origin: string): Promise<boolean> {
    return false;
  }
}
