import { plusSeconds, type TenantId, type UserId } from '../domain/values.js';
import { CommandRejected } from './command-rejected.js';
import type { Issuers } from './issuers.js';
import type { Clock } from './ports/clock.js';
import type { Entropy } from './ports/entropy.js';
import type { CommandContext, Position } from './ports/event-log.js';
import type { SecurityRows } from './ports/security-rows.js';
import type { SingleUse } from './ports/single-use.js';
import type { Registration } from './registration.js';
import { systemSlug, systemTenant } from './system-tenant.js';
import type { Tenants } from './tenants.js';

export type FirstAdministrator = Readonly<{ email: string; password: string }>;

/** What the first start is known by; the same for ever, so that a start which was cut short goes on where it stopped. */
const firstStart = '0a6f3c1e-52b7-4d0f-9c5a-4b8d2e7f1a90';
const setupSeconds = 24 * 3_600;
const setupSubject = 'installation';

/** Makes the tenants `system` and `default`, and the first administrator. */
export class FirstStart {
  constructor(
    private readonly tenants: Tenants,
    private readonly registration: Registration,
    private readonly singleUse: SingleUse,
    private readonly rows: SecurityRows,
    private readonly entropy: Entropy,
    private readonly clock: Clock,
    private readonly issuers: Issuers,
  ) {}

  /** Harmless when it was done before, by this or another instance. */
  async prepare(): Promise<void> {
    const wanted = [
      { id: systemTenant, slug: systemSlug, name: 'Annal' },
      { id: this.entropy.derived(firstStart, 'default') as TenantId, slug: 'default', name: 'Default' },
    ];
    for (const { id, slug, name } of wanted) {
      if (await this.rows.tenantBySlug(slug)) continue;
      await this.tenants.create(this.#context(`tenant:${slug}`), id, slug, name).catch((error: unknown) => {
        if (!(error instanceof CommandRejected)) throw error;
      });
    }
  }

  async isSetUp(): Promise<boolean> {
    return (await this.rows.administrators(systemTenant)).length > 0;
  }

  /** For an unattended start. Nothing happens once there is an administrator. @throws CommandRejected invalid-fields */
  async appoint(first: FirstAdministrator): Promise<void> {
    if (!(await this.isSetUp())) await this.#create(this.#context(`administrator:${first.email}`), first);
  }

  /** A link that works once and for a day, under which the first administrator is made. A newer one ends it. */
  async setupLink(): Promise<string> {
    const at = this.clock.now();
    const token = this.entropy.token(256);
    await this.singleUse.put({
      tenant: systemTenant,
      kind: 'setup',
      subject: setupSubject,
      payload: {},
      sealedFor: 'tenant',
      token,
      expiresAt: plusSeconds(at, setupSeconds),
      at,
      eventId: this.entropy.uuid(),
    });
    return `${this.issuers.of(systemSlug)}/setup?token=${token}`;
  }

  /** Whether a link is open, without using it. */
  async isOpen({ tenant, at }: CommandContext, token: string): Promise<boolean> {
    return !(await this.isSetUp()) && (await this.singleUse.peek(tenant, 'setup', token, at)) !== undefined;
  }

  /** @throws CommandRejected invalid-proof, invalid-fields */
  async setUp(
    context: CommandContext,
    token: string,
    first: FirstAdministrator,
  ): Promise<Readonly<{ user: UserId; position?: Position }>> {
    const { commandId, at, tenant } = context;
    const open = await this.singleUse.peek(tenant, 'setup', token, at);
    if (open) {
      // A link that was printed before somebody else was first is worth nothing any more.
      if (await this.isSetUp()) throw new CommandRejected('invalid-proof');
      await this.registration.validate(context, { email: first.email }, first.password);
    }
    const consumed = await this.singleUse.consume({ tenant, kind: 'setup', token, commandId, at });
    if (!consumed.consumed) throw new CommandRejected('invalid-proof');
    return this.#create(context, first);
  }

  /** For the command of somebody who holds the link. */
  setupContext(correlationId: string): CommandContext {
    return {
      tenant: systemTenant,
      actor: { kind: 'anonymous' },
      commandId: this.entropy.uuid(),
      correlationId,
      at: this.clock.now(),
    };
  }

  #create(context: CommandContext, { email, password }: FirstAdministrator) {
    const account = { names: { email }, profile: {}, administrator: true, verified: true, password };
    return this.registration.create(context, account, 'setup');
  }

  #context(what: string): CommandContext {
    return {
      tenant: systemTenant,
      actor: { kind: 'system', id: 'first-start' },
      commandId: this.entropy.derived(firstStart, what),
      correlationId: firstStart,
      at: this.clock.now(),
    };
  }
}
