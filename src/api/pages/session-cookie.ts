import type { TenantRef } from '../access/tenants.js';
import { presentedCookie, tenantCookie } from './tenant-cookie.js';

const name = 'annal-session';

/** The cookie of a browser session. It ends with the browser; the session behind it ends when the tenant says. */
export const sessionCookie = (origin: string, tenant: TenantRef, value: string): string =>
  tenantCookie(origin, tenant, { name, value });

export const noSessionCookie = (origin: string, tenant: TenantRef): string =>
  tenantCookie(origin, tenant, { name, value: '', maxAge: 0 });

export const presentedSession = (origin: string, header: string | undefined): string | undefined =>
  presentedCookie(origin, name, header);
