import type { TenantId } from '../domain/values.js';

/** Installation administrators live here. */
export const systemTenant = '00000000-0000-7000-8000-000000000001' as TenantId;
export const systemSlug = 'system';
