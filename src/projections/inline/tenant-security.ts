import type { Tenant } from '../../domain/tenant/tenant.js';
import type { InlineModel } from '../projection.js';

/** What decides whether a tenant's tokens count, and how its slug leads to it. */
export const tenantSecurity: InlineModel<Tenant> = {
  name: 'tenant_security',
  version: 1,
  category: 'tenant',
  columns: (table) => {
    table.text('status').notNullable();
    table.text('slug').index();
    table.integer('epoch').notNullable();
  },
  row: (state) =>
    state.status === 'none' || state.status === 'abandoned'
      ? { status: state.status, slug: null, epoch: 0 }
      : { status: state.status, slug: state.slug, epoch: state.epoch },
};
