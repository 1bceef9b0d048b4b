import { Announcer } from '../../../src/application/notifications/announcer.js';
import {
  Delivery,
  type DeliveryLimits,
  deliveryLimits,
  type Transports,
} from '../../../src/application/notifications/delivery.js';
import type { Channel } from '../../../src/application/notifications/kinds.js';
import { NotificationTemplates } from '../../../src/application/notifications/notification-templates.js';
import { Clock } from '../../../src/application/ports/clock.js';
import { type AllPage, streamName } from '../../../src/application/ports/event-log.js';
import { OperatorLog } from '../../../src/application/ports/operator-log.js';
import { OutboxMeter } from '../../../src/application/ports/outbox-meter.js';
import { type Contact, People } from '../../../src/application/ports/people.js';
import type { SingleUsePayload } from '../../../src/application/ports/single-use.js';
import { type TenantSite, TenantSites } from '../../../src/application/ports/tenant-sites.js';
import type { CredentialsEvent } from '../../../src/domain/credentials/events.js';
import type { UserEvent } from '../../../src/domain/user/events.js';
import { type ClaimId, type Instant, plusSeconds, type TenantId, type UserId } from '../../../src/domain/values.js';
import type { Database } from '../../../src/infrastructure/database.js';
import {
  DevelopmentMailTransport,
  DevelopmentTextMessageTransport,
  PostgresDevelopmentMailbox,
} from '../../../src/infrastructure/development-mailbox.js';
import { LiquidTemplates } from '../../../src/infrastructure/liquid-templates.js';
import { NodeEntropy } from '../../../src/infrastructure/node-entropy.js';
import { OutboxFollower } from '../../../src/infrastructure/outbox/outbox-follower.js';
import { OutboxWriter, type RecordFaults } from '../../../src/infrastructure/outbox/outbox-writer.js';
import { PostgresOutbox } from '../../../src/infrastructure/outbox/postgres-outbox.js';
import { PostgresSingleUse } from '../../../src/infrastructure/postgres-single-use.js';
import type { Checkpoint } from '../../../src/infrastructure/projection-runner/checkpoints.js';
import { Leases } from '../../../src/infrastructure/projection-runner/leases.js';
import type { ParkedEvent } from '../../../src/infrastructure/projection-runner/parking.js';
import { MemoryEventLog } from '../../support/memory-event-log.js';
import { MemoryTemplates } from '../../support/memory-templates.js';
import { MemoryVault } from '../../support/memory-vault.js';
import { migratedDatabase } from '../../support/vault-fixtures.js';

export const acme = '018f6b1e-0000-7000-8000-00000000aaaa' as TenantId;
export const ada = '018f6b1e-0000-7000-8000-0000000000ad' as UserId;
/** Of the first event of a rig's log. */
export const start = '2026-01-01T00:00:00.000Z' as Instant;

export const claimOf = (address: string): ClaimId => `claim of ${address}` as ClaimId;

const standing = { user: 1, credentials: 2, invitations: 3 };

/** Somebody with one e-mail address that nobody has proved yet. */
export const newcomer = (address: string, locale = 'en'): Contact => ({
  locale,
  names: { firstName: 'Ada' },
  emails: [{ address, claim: claimOf(address), verified: false }],
  phones: [],
  waiting: [claimOf('new@example.org')],
  standing,
});

/** What a link to an address of somebody stands for that asks for its proof. */
export const asked = (address: string): SingleUsePayload => ({
  issued: { ...standing, sentTo: [claimOf(address)] },
  claim: claimOf(address),
});

export class FakeClock extends Clock {
  private at = plusSeconds(start, 1);
  now(): Instant {
    return this.at;
  }
  forward(seconds: number): void {
    this.at = plusSeconds(this.at, seconds);
  }
}

class FakePeople extends People {
  readonly known = new Map<UserId, Contact>();
  failure: Error | undefined;
  async contact(_tenant: TenantId, user: UserId): Promise<Contact | undefined> {
    if (this.failure) throw this.failure;
    return this.known.get(user);
  }
}

class FakeSites extends TenantSites {
  site: TenantSite = {
    url: 'https://id.example.org/t/acme',
    name: 'Acme',
    defaultLocale: 'en',
    verification: { requiredToSignIn: true, linkSeconds: 86_400, codeSeconds: 600, perHour: 5 },
  };
  async find(): Promise<TenantSite | undefined> {
    return this.site;
  }
}

/** Counts what operators would see. */
export class Watch extends OutboxMeter {
  readonly seen: string[] = [];
  ended(kind: string, _channel: string, ending: string): void {
    this.seen.push(`${kind} ${ending}`);
  }
  postponed(kind: string): void {
    this.seen.push(`${kind} postponed`);
  }
  wordingFailed(kind: string): void {
    this.seen.push(`${kind} wording failed`);
  }
}

class LogLines extends OperatorLog {
  readonly lines: string[] = [];
  info(event: string): void {
    this.lines.push(event);
  }
  warn(event: string, fields = {}): void {
    this.lines.push(`${event} ${JSON.stringify(fields)}`);
  }
  error(event: string, fields = {}): void {
    this.lines.push(`${event} ${JSON.stringify(fields)}`);
  }
}

export type InstanceOptions = Readonly<{
  faults?: RecordFaults;
  transports?: Transports;
  limits?: Partial<DeliveryLimits>;
  log?: Pick<MemoryEventLog, 'readAll' | 'read'>;
  channels?: readonly Channel[];
}>;

/** One log and one database, and as many instances of the outbox as a spec wants. */
export class OutboxRig {
  readonly log = new MemoryEventLog();
  readonly clock = new FakeClock();
  readonly people = new FakePeople();
  readonly sites = new FakeSites();
  readonly watch = new Watch();
  readonly lines = new LogLines();
  readonly entropy = new NodeEntropy();
  readonly mailbox: PostgresDevelopmentMailbox;
  readonly singleUse: PostgresSingleUse;
  readonly templates: NotificationTemplates;
  readonly outbox: PostgresOutbox;
  private instances = 0;
  private commands = 0;

  private constructor(
    readonly database: Database,
    readonly vault: MemoryVault,
    private readonly closeDatabase: () => Promise<void>,
  ) {
    this.mailbox = new PostgresDevelopmentMailbox(database.pool, this.clock);
    this.singleUse = new PostgresSingleUse(database.pool, vault);
    this.outbox = new PostgresOutbox(database.pool, vault);
    this.templates = new NotificationTemplates(new MemoryTemplates(), new LiquidTemplates(), (_, kind) =>
      this.watch.wordingFailed(kind),
    );
  }

  static async make(): Promise<OutboxRig> {
    const { database, close } = await migratedDatabase();
    const vault = new MemoryVault();
    await vault.createTenant(acme);
    return new OutboxRig(database, vault, close);
  }

  async person(user: UserId, contact: Contact): Promise<void> {
    await this.vault.createKey({ tenant: acme, scope: 'person', id: user });
    this.people.known.set(user, contact);
  }

  /** @returns ids of the events */
  async happened(...events: readonly (UserEvent | CredentialsEvent)[]): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const event of events) {
      const stream = streamName(event.type.slice(0, event.type.indexOf('.')), acme, event.user);
      const [last] = await this.log.readBackwards(stream, 1);
      this.commands += 1;
      const commandId = `command-${this.commands}`;
      const context = {
        tenant: acme,
        actor: { kind: 'system', id: 'spec' } as const,
        commandId,
        correlationId: 'spec',
        at: event.at,
      };
      await this.log.append({ stream, expectedRevision: last?.revision ?? -1, events: [event], context, inline: [] });
      const [appended] = await this.log.readBackwards(stream, 1);
      ids.push(appended?.id ?? '');
    }
    return ids;
  }

  /** Asks for the proof of an address. */
  async asked(user: UserId, address: string, kind: 'email' | 'phone' = 'email'): Promise<string> {
    const [id = ''] = await this.happened({
      type: 'user.verification-requested',
      user,
      kind,
      claim: claimOf(address),
      at: start,
    });
    return id;
  }

  /** One process of the service. */
  instance({
    faults,
    transports,
    limits,
    log = this.log,
    channels = ['mail', 'text-message'],
  }: InstanceOptions = {}): Instance {
    const { pool } = this.database;
    this.instances += 1;
    const parked: ParkedEvent[] = [];
    const announcer = new Announcer(this.people, this.sites, this.entropy, this.clock, new Set(channels));
    const writer = new OutboxWriter(pool, this.vault, faults);
    const alarm = (event: ParkedEvent): void => void parked.push(event);
    const follower = new OutboxFollower(pool, log, announcer, writer, () => undefined, alarm);
    const delivery = new Delivery(
      this.outbox,
      this.templates,
      transports ?? {
        mail: new DevelopmentMailTransport(this.mailbox),
        'text-message': new DevelopmentTextMessageTransport(this.mailbox),
      },
      this.clock,
      this.entropy,
      this.watch,
      this.lines,
      { ...deliveryLimits, ...limits },
    );
    return new Instance(follower, delivery, new Leases(pool, `instance ${this.instances}`, 60_000), log, parked);
  }

  async rows(): Promise<
    readonly Readonly<{
      status: string;
      kind: string;
      attempts: number;
      content: string | null;
      reason: string | null;
    }>[]
  > {
    const { rows } = await this.database.pool.query(
      'select status, kind, attempts, content, reason from outbox_messages order by sequence',
    );
    return rows;
  }

  async end(): Promise<void> {
    await this.closeDatabase();
  }
}

export class Instance {
  constructor(
    readonly follower: OutboxFollower,
    readonly delivery: Delivery,
    readonly leases: Leases,
    private readonly log: Pick<MemoryEventLog, 'readAll'>,
    readonly parked: readonly ParkedEvent[],
  ) {}

  /** Takes the lead, whoever has it, and follows the log to its head. */
  async follow(): Promise<void> {
    const lease = await this.leases.seize(this.follower.model);
    await this.follower.lead();
    let reached = lease.checkpoint;
    let page: AllPage;
    do {
      page = await this.log.readAll(reached.position, 500, this.follower.filter);
      reached = await this.follower.apply(reached, page);
    } while (!page.atHead);
  }

  /** The pages that somebody would apply who took the lead now and was slow to go on. */
  async prepare(): Promise<() => Promise<Checkpoint>> {
    const { checkpoint } = await this.leases.seize(this.follower.model);
    const page = await this.log.readAll(checkpoint.position, 500, this.follower.filter);
    return () => this.follower.apply(checkpoint, page);
  }

  /** Delivers what is due. */
  async deliver(): Promise<void> {
    const never = new AbortController().signal;
    await this.delivery.deliverDue(never, never);
  }
}
