import { expect } from 'chai';
import fc from 'fast-check';
import type { TenantEvent } from '../../../src/domain/tenant/events.js';
import type { Overrides } from '../../../src/domain/tenant/settings.js';
import {
  suspensionReason,
  type Tenant,
  type TenantCommand,
  type TenantRejection,
  tenant,
} from '../../../src/domain/tenant/tenant.js';
import type { TenantId } from '../../../src/domain/values.js';
import { agreesWithModel, type Model, type Timeless, type Verdict } from '../../support/model.js';

type Seen = { phase: string; name: string; minLength: number; changes: number; endings: number };

const reserved = ['-', 'A', ''];

/** A house with a sign: who may enter, and how often everybody had to leave. */
class House implements Model<TenantCommand, TenantEvent, TenantRejection, Seen> {
  private phase = 'none';
  private name = '';
  private minLength = 0;
  private changes = 0;
  private endings = 0;

  run(command: TenantCommand): Verdict<TenantRejection> {
    if (command.type === 'CreateTenant') {
      if (this.phase !== 'none') return ['tenant-exists', 0];
      if (reserved.includes(command.slug)) return ['tenant-slug-invalid', 0];
      this.name = command.name;
      return this.become('active');
    }
    if (command.type === 'AbandonTenant') {
      if (this.phase === 'abandoned') return ['accepted', 0];
      if (this.phase !== 'none') return ['tenant-exists', 0];
      this.phase = 'abandoned';
      return ['accepted', 1];
    }
    const standing = this.phase === 'active' || this.phase === 'suspended';
    if (command.type === 'RemoveTenant' && this.phase === 'removed') return ['accepted', 0];
    if (!standing) return ['no-such-tenant', 0];
    switch (command.type) {
      case 'RenameTenant':
        if (this.name === command.name) return ['accepted', 0];
        this.name = command.name;
        return ['accepted', 1];
      case 'ChangeSettings': {
        const wanted = command.overrides.password?.minLength ?? 0;
        if (wanted === this.minLength) return ['accepted', 0];
        this.minLength = wanted;
        this.changes++;
        return ['accepted', 1];
      }
      case 'SuspendTenant':
        return this.become('suspended');
      case 'ReactivateTenant':
        return this.become('active');
      case 'RemoveTenant':
        return this.become('removed');
    }
  }

  seen(): Seen {
    const { phase, name, minLength, changes, endings } = this;
    return phase === 'removed'
      ? { phase, name: '', minLength: 0, changes: 0, endings }
      : { phase, name, minLength, changes, endings };
  }

  private become(phase: string): Verdict<TenantRejection> {
    if (this.phase === phase) return ['accepted', 0];
    this.phase = phase;
    if (phase !== 'active') this.endings++;
    return ['accepted', 1];
  }
}

const overrides = fc.constantFrom<Overrides>({}, { password: { minLength: 20 } }, { password: { minLength: 30 } });
const commands: fc.Arbitrary<Timeless<TenantCommand>> = fc.oneof(
  fc.record({
    type: fc.constant('CreateTenant' as const),
    tenant: fc.constant('t1' as TenantId),
    slug: fc.constantFrom('acme', 'acme', 'a1', ...reserved),
    name: fc.constantFrom('Acme', 'Other'),
  }),
  fc.record({ type: fc.constant('RenameTenant' as const), name: fc.constantFrom('Acme', 'Other') }),
  fc.record({ type: fc.constant('ChangeSettings' as const), overrides }),
  fc.constantFrom(
    { type: 'SuspendTenant', reason: suspensionReason('unpaid') } as const,
    { type: 'ReactivateTenant' } as const,
  ),
  fc.record({ type: fc.constant('AbandonTenant' as const), tenant: fc.constant('t1' as TenantId) }),
  fc.constantFrom(
    { type: 'ReactivateTenant' } as const,
    { type: 'ReactivateTenant' } as const,
    { type: 'RemoveTenant' } as const,
  ),
);

describe('random tenants', () => {
  agreesWithModel({
    aggregate: tenant,
    commands,
    model: () => new House(),
    seen: (state: Tenant): Seen => {
      if (state.status === 'none' || state.status === 'abandoned')
        return { phase: state.status, name: '', minLength: 0, changes: 0, endings: 0 };
      const { status: phase, epoch: endings } = state;
      if (state.status === 'removed') return { phase, name: '', minLength: 0, changes: 0, endings };
      const { name, overrides: said, policyRevision: changes } = state;
      return { phase, name, minLength: said.password?.minLength ?? 0, changes, endings };
    },
    invariants: (before, next) => {
      if (before.status === 'removed' || before.status === 'abandoned') expect(next).to.deep.equal(before);
    },
  });
});
