import { type Aggregate, accept, type Decision, type Message, reject } from '../decider.js';
import { sameJson } from '../json.js';
import { type Instant, type KeyId, type TenantId, type TenantSecret, tenantSecret } from '../values.js';
import { type TenantEvent, tenantEvents } from './events.js';
import type { Overrides } from './settings.js';

/** Raising the epoch ends every session, grant and token that was made under a lower one. */
type Existing = Readonly<{
  slug: string;
  name: string;
  overrides: Overrides;
  /** Number of settings changes so far. */
  policyRevision: number;
  epoch: number;
}>;

export type Tenant =
  | Readonly<{ status: 'none' }>
  | Readonly<{ status: 'abandoned' }>
  | (Existing & Readonly<{ status: 'active' | 'suspended' }>)
  | Readonly<{ status: 'removed'; slug: string; epoch: number }>;

export type TenantCommand =
  | Message<'CreateTenant', { tenant: TenantId; slug: string; name: string; at: Instant }>
  | Message<'RenameTenant', { name: string; at: Instant }>
  | Message<'ChangeSettings', { overrides: Overrides; at: Instant }>
  | Message<'SuspendTenant', { reason: TenantSecret<string>; at: Instant }>
  | Message<'ReactivateTenant', { at: Instant }>
  | Message<'RemoveTenant', { at: Instant }>
  | Message<'AbandonTenant', { tenant: TenantId; at: Instant }>;

export type TenantRejection = 'tenant-exists' | 'no-such-tenant' | 'tenant-slug-invalid';

type Decided = Decision<TenantEvent, TenantRejection>;
type Present = Extract<Tenant, { status: 'active' | 'suspended' }>;

const present = (state: Tenant): state is Present => state.status === 'active' || state.status === 'suspended';

/** Whoever writes why may name people: it is kept under a key of the tenant's. */
export const suspensionReason = (text: string): TenantSecret<string> => tenantSecret('suspension' as KeyId, text);

/** Slugs stand in issuer URLs and never change: lower-case letters, digits and inner dashes, 2 to 63. */
const slugForm = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;

export const tenant: Aggregate<Tenant, TenantCommand, TenantEvent, TenantRejection> = {
  category: 'tenant',
  schema: 1,
  initial: { status: 'none' },
  events: tenantEvents,
  decide: {
    CreateTenant: (state, { tenant: id, slug, name, at }): Decided => {
      if (state.status !== 'none') return reject('tenant-exists');
      if (!slugForm.test(slug)) return reject('tenant-slug-invalid');

      return accept({ type: 'tenant.created', tenant: id, slug, name, at });
    },
    RenameTenant: (state, { name, at }): Decided => {
      if (!present(state)) return reject('no-such-tenant');
      if (state.name === name) return accept();

      return accept({ type: 'tenant.renamed', name, at });
    },
    ChangeSettings: (state, { overrides, at }): Decided => {
      if (!present(state)) return reject('no-such-tenant');
      if (sameJson(state.overrides, overrides)) return accept();

      return accept({ type: 'tenant.settings-changed', overrides, at });
    },
    SuspendTenant: (state, { reason, at }): Decided => {
      if (!present(state)) return reject('no-such-tenant');
      if (state.status === 'suspended') return accept();

      return accept({ type: 'tenant.suspended', reason, at });
    },
    ReactivateTenant: (state, { at }): Decided => {
      if (!present(state)) return reject('no-such-tenant');
      if (state.status === 'active') return accept();

      return accept({ type: 'tenant.reactivated', at });
    },
    RemoveTenant: (state, { at }): Decided => {
      if (state.status === 'removed') return accept();
      if (!present(state)) return reject('no-such-tenant');

      return accept({ type: 'tenant.removed', at });
    },
    /** Only a tenant that never came into being can be abandoned; from then on the slow command that wanted it conflicts. */
    AbandonTenant: (state, { tenant: id, at }): Decided => {
      if (state.status === 'abandoned') return accept();
      if (state.status !== 'none') return reject('tenant-exists');

      return accept({ type: 'tenant.abandoned', tenant: id, at });
    },
  },
  evolve: {
    'tenant.created': (_, { slug, name }) => ({
      status: 'active',
      slug,
      name,
      overrides: {},
      policyRevision: 0,
      epoch: 0,
    }),
    'tenant.renamed': (state, { name }) => (present(state) ? { ...state, name } : state),
    'tenant.settings-changed': (state, { overrides }) =>
      present(state) ? { ...state, overrides, policyRevision: state.policyRevision + 1 } : state,
    'tenant.suspended': (state) => (present(state) ? { ...state, status: 'suspended', epoch: state.epoch + 1 } : state),
    'tenant.reactivated': (state) => (present(state) ? { ...state, status: 'active' } : state),
    'tenant.removed': (state) =>
      present(state) ? { status: 'removed', slug: state.slug, epoch: state.epoch + 1 } : state,
    'tenant.abandoned': () => ({ status: 'abandoned' }),
  },
};
