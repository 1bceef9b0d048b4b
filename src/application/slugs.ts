import { type Claim, claim, isOverdue } from '../domain/claim/claim.js';
import { tenant } from '../domain/tenant/tenant.js';
import type { ClaimId, TenantId, UserId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { CommandContext } from './ports/event-log.js';
import type { Steps } from './steps.js';
import { systemTenant } from './system-tenant.js';
import type { Transactor } from './transactor.js';

const claimOf = (slug: string): ClaimId => `slug.${slug}` as ClaimId;

/** Decides which tenant may have which slug: claims of the tenant `system`, held by tenants. */
export class Slugs {
  constructor(
    private readonly transactor: Transactor,
    private readonly steps: Steps,
  ) {}

  /** @throws CommandRejected tenant-slug-taken */
  async reserve(context: CommandContext, owner: TenantId, slug: string): Promise<void> {
    const { state } = await this.transactor.load(claim, systemTenant, claimOf(slug));
    if (state.status === 'reserved' && holderOf(state) !== owner) await this.#freeIfAbandoned(context, slug, state);
    try {
      await this.#claim(context, `slug:${owner}`, 'ReserveClaim', owner, slug);
    } catch (error) {
      throw error instanceof CommandRejected ? new CommandRejected('tenant-slug-taken') : error;
    }
  }

  async hold(context: CommandContext, owner: TenantId, slug: string): Promise<void> {
    await this.#claim(context, `hold-slug:${owner}`, 'HoldClaim', owner, slug);
  }

  async release(context: CommandContext, owner: TenantId, slug: string): Promise<void> {
    await this.#claim(context, `release-slug:${owner}`, 'ReleaseClaim', owner, slug);
  }

  /**
   * The command that reserved may have died, or be slow. Abandoning its tenant first makes the slow one conflict; only then is the slug
   * freed. A tenant that came into being keeps it, even when it was removed.
   */
  async #freeIfAbandoned(
    context: CommandContext,
    slug: string,
    state: Extract<Claim, { status: 'reserved' }>,
  ): Promise<void> {
    const { at } = context;
    if (!isOverdue(state, at)) return;
    const holder = holderOf(state);
    const found = await this.transactor.load(tenant, holder, holder);
    if (found.state.status !== 'none' && found.state.status !== 'abandoned') return;
    const abandon: CommandContext = { ...this.steps.of(context, `abandon:${holder}`), tenant: holder };
    try {
      await this.transactor.transact(tenant, holder, abandon, { type: 'AbandonTenant', tenant: holder, at });
    } catch (error) {
      if (error instanceof CommandRejected && error.code === 'tenant-exists') return;
      throw error;
    }
    await this.release(context, holder, slug);
  }

  async #claim(
    context: CommandContext,
    step: string,
    type: 'ReserveClaim' | 'HoldClaim' | 'ReleaseClaim',
    owner: TenantId,
    slug: string,
  ): Promise<void> {
    const inSystem: CommandContext = { ...this.steps.of(context, step), tenant: systemTenant };
    const command = { type, user: owner as string as UserId, at: context.at };
    await this.transactor.transact(claim, claimOf(slug), inSystem, command);
  }
}

const holderOf = (state: Extract<Claim, { status: 'reserved' }>): TenantId => state.user as string as TenantId;
