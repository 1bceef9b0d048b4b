import type { Catalogue, Message } from '../decider.js';
import type { Instant, TenantId, TenantSecret } from '../values.js';
import type { Overrides } from './settings.js';

/* These names are stored for ever. */
export type TenantEvent =
  | Message<'tenant.created', { tenant: TenantId; slug: string; name: string; at: Instant }>
  | Message<'tenant.renamed', { name: string; at: Instant }>
  | Message<'tenant.settings-changed', { overrides: Overrides; at: Instant }>
  | Message<'tenant.suspended', { reason: TenantSecret<string>; at: Instant }>
  | Message<'tenant.reactivated', { at: Instant }>
  | Message<'tenant.removed', { at: Instant }>
  | Message<'tenant.abandoned', { tenant: TenantId; at: Instant }>;

export const tenantEvents: Catalogue<TenantEvent> = {
  'tenant.created': { version: 1, retention: 'permanent' },
  'tenant.renamed': { version: 1, retention: 'permanent' },
  'tenant.settings-changed': { version: 1, retention: 'permanent' },
  'tenant.suspended': { version: 2, retention: 'permanent' },
  'tenant.reactivated': { version: 1, retention: 'permanent' },
  'tenant.removed': { version: 1, retention: 'permanent' },
  'tenant.abandoned': { version: 1, retention: 'permanent' },
};
