import type { VerificationSettings } from '../../domain/tenant/settings.js';
import type { TenantId } from '../../domain/values.js';

/** What messages must know about a tenant. */
export type TenantSite = Readonly<{
  /**
   * Where its pages live, from configuration and never from a request: `https://id.example.org/t/acme`, without a
   * trailing slash.
   */
  url: string;
  /** Shown to people. */
  name: string;
  defaultLocale: string;
  verification: VerificationSettings;
}>;

export abstract class TenantSites {
  /** Undefined where there is no such tenant, or no longer. */
  abstract find(tenant: TenantId): Promise<TenantSite | undefined>;
}
