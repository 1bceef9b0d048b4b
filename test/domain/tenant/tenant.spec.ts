import type { TenantEvent } from '../../../src/domain/tenant/events.js';
import { suspensionReason, tenant, type TenantCommand } from '../../../src/domain/tenant/tenant.js';
import type { TenantId } from '../../../src/domain/values.js';
import { given } from '../../support/given.js';
import { after, start } from '../../support/moments.js';

const at = after(60);
const id = 't1' as TenantId;

const created: TenantEvent = { type: 'tenant.created', tenant: id, slug: 'acme', name: 'Acme', at: start };
const suspended: TenantEvent = { type: 'tenant.suspended', reason: suspensionReason('unpaid'), at };
const reactivated: TenantEvent = { type: 'tenant.reactivated', at };
const removed: TenantEvent = { type: 'tenant.removed', at };
const configured: TenantEvent = {
  type: 'tenant.settings-changed',
  overrides: { password: { minLength: 20, classes: 2 }, locales: { supported: ['de'], default: 'de' } },
  at: start,
};

const create = (slug: string): TenantCommand => ({ type: 'CreateTenant', tenant: id, slug, name: 'Acme', at: start });
const rename = (name: string): TenantCommand => ({ type: 'RenameTenant', name, at });
const suspend: TenantCommand = { type: 'SuspendTenant', reason: suspensionReason('unpaid'), at };
const reactivate: TenantCommand = { type: 'ReactivateTenant', at };
const remove: TenantCommand = { type: 'RemoveTenant', at };
const abandoned: TenantEvent = { type: 'tenant.abandoned', tenant: id, at };
const abandon: TenantCommand = { type: 'AbandonTenant', tenant: id, at };
const configure: TenantCommand = { type: 'ChangeSettings', overrides: {}, at };

const acme = { status: 'active', slug: 'acme', name: 'Acme', overrides: {}, policyRevision: 0, epoch: 0 } as const;

describe('a tenant', () => {
  describe('is created', () => {
    it('once', () => {
      given(tenant).when(create('acme')).records(created).leaves(acme).again().rejects('tenant-exists');
    });

    it('never again, not even after it was removed', () => {
      given(tenant, created, suspended).when(create('acme')).rejects('tenant-exists');
      given(tenant, created, removed).when(create('acme')).rejects('tenant-exists');
    });

    it('with a slug that can stand in an issuer URL for ever', () => {
      for (const slug of ['ab', '42', 'a-b', 'a--b', `a${'b'.repeat(61)}c`]) {
        given(tenant).when(create(slug)).records({ type: 'tenant.created', tenant: id, slug, name: 'Acme', at: start });
      }
    });

    it('with no other slug', () => {
      const slugs = [
        '',
        'a',
        '-ab',
        'ab-',
        'Acme',
        'a.b',
        'a_b',
        'a/b',
        'a b',
        'ab\n',
        'bücher',
        'ａｃｍｅ',
        '..',
        '%61b',
      ];
      for (const slug of [...slugs, `a${'b'.repeat(62)}c`]) {
        given(tenant).when(create(slug)).rejects('tenant-slug-invalid');
      }
    });
  });

  it('is renamed', () => {
    given(tenant, created)
      .when(rename('Acme Ltd'))
      .records({ type: 'tenant.renamed', name: 'Acme Ltd', at })
      .leaves({ ...acme, name: 'Acme Ltd' })
      .again()
      .recordsNothing();
    given(tenant, created).when(rename('Acme')).recordsNothing();
  });

  describe('has settings', () => {
    const change = (overrides: Extract<TenantCommand, { type: 'ChangeSettings' }>['overrides']): TenantCommand => ({
      type: 'ChangeSettings',
      overrides,
      at,
    });

    it('that change as a whole, under a revision that grows', () => {
      given(tenant, created, configured)
        .when(change({ password: { minLength: 20 } }))
        .records({ type: 'tenant.settings-changed', overrides: { password: { minLength: 20 } }, at })
        .leaves({ ...acme, overrides: { password: { minLength: 20 } }, policyRevision: 2 })
        .again()
        .recordsNothing();
    });

    it('that do not change when they say the same, in whatever order', () => {
      given(tenant, created).when(change({})).recordsNothing();
      given(tenant, created, configured)
        .when(change({ locales: { default: 'de', supported: ['de'] }, password: { classes: 2, minLength: 20 } }))
        .recordsNothing();
    });

    it('in whose lists the order tells', () => {
      const overrides = { locales: { supported: ['en', 'de'] } };
      given(tenant, created, { type: 'tenant.settings-changed', overrides, at: start })
        .when(change({ locales: { supported: ['de', 'en'] } }))
        .records({ type: 'tenant.settings-changed', overrides: { locales: { supported: ['de', 'en'] } }, at });
    });
  });

  it('is suspended, which ends everything made in it; lifting that revives nothing', () => {
    given(tenant, created)
      .when(suspend)
      .records(suspended)
      .leaves({ ...acme, status: 'suspended', epoch: 1 })
      .again()
      .recordsNothing();
    given(tenant, created, suspended)
      .when(reactivate)
      .records(reactivated)
      .leaves({ ...acme, epoch: 1 })
      .again()
      .recordsNothing();
  });

  it('can be renamed and configured while it is suspended', () => {
    given(tenant, created, suspended).when(rename('B')).records({ type: 'tenant.renamed', name: 'B', at });
    given(tenant, created, configured, suspended)
      .when(configure)
      .records({ type: 'tenant.settings-changed', overrides: {}, at });
  });

  it('is removed for good, active or suspended; its slug stays taken', () => {
    for (const [history, epoch] of [
      [[created], 1],
      [[created, suspended], 2],
    ] as const) {
      given(tenant, ...history)
        .when(remove)
        .records(removed)
        .leaves({ status: 'removed', slug: 'acme', epoch })
        .again()
        .recordsNothing();
    }
    const late = [reactivated, configured, suspended, { type: 'tenant.renamed', name: 'B', at } as const, removed];
    given(tenant, created, removed, ...late).is({ status: 'removed', slug: 'acme', epoch: 1 });
  });

  it('that never came into being is abandoned for good; one that did is not', () => {
    given(tenant).when(abandon).records(abandoned).leaves({ status: 'abandoned' }).again().recordsNothing();
    given(tenant, abandoned).when(create('acme')).rejects('tenant-exists');
    for (const command of [rename('B'), configure, suspend, reactivate, remove]) {
      given(tenant, abandoned).when(command).rejects('no-such-tenant');
    }
    for (const history of [[created], [created, suspended], [created, removed]]) {
      given(tenant, ...history)
        .when(abandon)
        .rejects('tenant-exists');
    }
  });

  it('that is not there is not changed', () => {
    for (const command of [rename('B'), configure, suspend, reactivate]) {
      given(tenant).when(command).rejects('no-such-tenant');
      given(tenant, created, removed).when(command).rejects('no-such-tenant');
    }
    given(tenant).when(remove).rejects('no-such-tenant');
  });
});
