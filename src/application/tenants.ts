import { checkOverrides } from '../domain/tenant/settings-check.js';
import { effective, type Overrides, type Settings } from '../domain/tenant/settings.js';
import { tenant, type Tenant, type TenantCommand } from '../domain/tenant/tenant.js';
import type { TenantId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { CommandContext } from './ports/event-log.js';
import type { Vault } from './ports/vault.js';
import type { SigningKeyRing } from './signing-keys.js';
import type { Slugs } from './slugs.js';
import type { Steps } from './steps.js';
import { systemTenant } from './system-tenant.js';
import type { Outcome, Transactor } from './transactor.js';

export type TenantPolicy = Readonly<{
  id: TenantId;
  slug: string;
  name: string;
  status: 'active' | 'suspended';
  settings: Settings;
  overrides: Overrides;
  policyRevision: number;
  epoch: number;
  /** Of the tenant's stream, for If-Match. */
  revision: number;
}>;

/** Creates and changes tenants, and answers what applies in one. */
export class Tenants {
  constructor(
    private readonly transactor: Transactor,
    private readonly vault: Vault,
    private readonly keys: SigningKeyRing,
    private readonly slugs: Slugs,
    private readonly steps: Steps,
  ) {}

  /** The policy in force. @throws CommandRejected no-such-tenant */
  async policy(id: TenantId): Promise<TenantPolicy> {
    const { state, revision } = await this.transactor.load(tenant, id, id);
    if (state.status !== 'active' && state.status !== 'suspended') throw new CommandRejected('no-such-tenant');
    const { slug, name, status, overrides, policyRevision, epoch } = state;
    return { id, slug, name, status, settings: effective(overrides), overrides, policyRevision, epoch, revision };
  }

  /** @throws CommandRejected tenant-suspended, no-such-tenant */
  async activePolicy(id: TenantId): Promise<TenantPolicy> {
    const policy = await this.policy(id);
    if (policy.status !== 'active') throw new CommandRejected('tenant-suspended');
    return policy;
  }

  /** The overrides as they may be put in force. @throws CommandRejected invalid-fields, pointing below `/overrides` */
  checkedOverrides(overrides: Overrides): Overrides {
    const fields = checkOverrides(overrides).map((problem) => ({
      ...problem,
      pointer: `/overrides${problem.pointer}`,
    }));
    if (fields.length > 0) throw new CommandRejected('invalid-fields', { fields });
    return overrides;
  }

  /**
   * Under an id of the command's own. Whoever wanted the slug may have taken the command for dead, and abandoned that id: the slow one, or
   * its repetition, then goes on under the next, and finds the slug free or taken like anybody else.
   * @throws CommandRejected tenant-slug-taken, tenant-slug-invalid
   */
  async createNew(context: CommandContext, slug: string, name: string): Promise<Outcome<Tenant> & { id: TenantId }> {
    for (let life = 1; ; life += 1) {
      const id = this.steps.id<TenantId>(context, life === 1 ? 'tenant' : `tenant:${life}`);
      try {
        return { ...(await this.create(context, id, slug, name)), id };
      } catch (error) {
        if (!(error instanceof CommandRejected) || error.code !== 'tenant-exists') throw error;
      }
    }
  }

  /** @throws CommandRejected tenant-slug-taken, tenant-slug-invalid, tenant-exists where the id was abandoned */
  async create(context: CommandContext, id: TenantId, slug: string, name: string): Promise<Outcome<Tenant>> {
    await this.vault.createTenant(systemTenant);
    await this.slugs.reserve(context, id, slug);
    await this.vault.createTenant(id);
    const inTenant: CommandContext = { ...this.steps.of(context, 'create'), tenant: id };
    const outcome = await this.transactor
      .transact(tenant, id, inTenant, { type: 'CreateTenant', tenant: id, slug, name, at: context.at })
      .catch(async (error: unknown) => {
        // Only a refusal says that the tenant did not come into being. Of any other failure nobody knows: the slug stays reserved.
        if (error instanceof CommandRejected) await this.slugs.release(context, id, slug);
        throw error;
      });
    await this.slugs.hold(context, id, slug);
    await this.keys.ensure(inTenant);
    return outcome;
  }

  /** `prepare` may look at the state, for example to compare revisions. */
  async change(context: CommandContext, command: TenantCommand, expectedRevision?: number): Promise<Outcome<Tenant>> {
    const id = context.tenant;
    if (id === systemTenant && (command.type === 'SuspendTenant' || command.type === 'RemoveTenant')) {
      throw new CommandRejected('tenant-reserved');
    }
    if (expectedRevision !== undefined) {
      const { revision } = await this.transactor.load(tenant, id, id);
      if (revision !== expectedRevision) throw new CommandRejected('revision-mismatch');
    }
    return this.transactor.transact(tenant, id, context, command);
  }
}
