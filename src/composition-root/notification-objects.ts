import type pg from 'pg';
import { BackgroundPool, type Bind, type Foundation, make, Pool } from './binding.js';
import { Issuers } from '../application/issuers.js';
import { Announcer } from '../application/notifications/announcer.js';
import { Delivery } from '../application/notifications/delivery.js';
import type { Channel } from '../application/notifications/kinds.js';
import { NotificationTemplateAdministration } from '../application/notifications/notification-template-administration.js';
import { NotificationTemplates } from '../application/notifications/notification-templates.js';
import { PeopleOfTheLog, SitesOfTenants } from '../application/people.js';
import { Clock } from '../application/ports/clock.js';
import { Entropy } from '../application/ports/entropy.js';
import { EventLog } from '../application/ports/event-log.js';
import { OutboxMeter } from '../application/ports/outbox-meter.js';
import { Outbox } from '../application/ports/outbox.js';
import { People } from '../application/ports/people.js';
import { TemplateEngine } from '../application/ports/template-engine.js';
import { TemplateStore } from '../application/ports/template-store.js';
import { TenantSites } from '../application/ports/tenant-sites.js';
import { Vault } from '../application/ports/vault.js';
import { Tenants } from '../application/tenants.js';
import { Transactor } from '../application/transactor.js';
import { DeliveryLoop } from '../infrastructure/outbox/delivery-loop.js';
import { OutboxFollower } from '../infrastructure/outbox/outbox-follower.js';
import { OutboxMetrics } from '../infrastructure/outbox/outbox-metrics.js';
import { OutboxWriter } from '../infrastructure/outbox/outbox-writer.js';
import { PostgresOutbox } from '../infrastructure/outbox/postgres-outbox.js';
import { PostgresTemplateStore } from '../infrastructure/postgres-template-store.js';
import { Registry } from 'prom-client';

/** What is said to people, and how it gets to them. */
export function bindNotifications(bind: Bind, foundation: Foundation): void {
  const { log } = foundation;
  bind(People).toResolvedValue(make(PeopleOfTheLog), [Transactor]);
  bind(TenantSites).toResolvedValue(make(SitesOfTenants), [Tenants, Issuers]);
  bind(Announcer).toResolvedValue(
    (people: People, sites: TenantSites, entropy: Entropy, clock: Clock) =>
      new Announcer(people, sites, entropy, clock, new Set(Object.keys(foundation.transports) as Channel[])),
    [People, TenantSites, Entropy, Clock],
  );
  bind(OutboxMeter).toResolvedValue(make(OutboxMetrics), [Registry, PostgresOutbox]);
  bind(TemplateStore).toResolvedValue(make(PostgresTemplateStore), [Pool]);
  bind(NotificationTemplates).toResolvedValue(
    (store: TemplateStore, engine: TemplateEngine, meter: OutboxMeter) =>
      new NotificationTemplates(store, engine, (tenant, kind, locale) => {
        meter.wordingFailed(kind);
        log.warn('template-failed', { tenant, kind, locale });
      }),
    [TemplateStore, TemplateEngine, OutboxMeter],
  );
  bind(NotificationTemplateAdministration).toResolvedValue(make(NotificationTemplateAdministration), [
    NotificationTemplates,
    Tenants,
    Transactor,
  ]);
  bind(PostgresOutbox).toResolvedValue(make(PostgresOutbox), [BackgroundPool, Vault]);
  bind(Outbox).toResolvedValue((outbox: PostgresOutbox) => outbox, [PostgresOutbox]);
  bind(Delivery).toResolvedValue(
    (outbox: Outbox, templates: NotificationTemplates, clock: Clock, entropy: Entropy, meter: OutboxMeter) =>
      new Delivery(outbox, templates, foundation.transports, clock, entropy, meter, log),
    [Outbox, NotificationTemplates, Clock, Entropy, OutboxMeter],
  );
  bind(DeliveryLoop).toResolvedValue(
    (delivery: Delivery, outbox: Outbox, clock: Clock) => new DeliveryLoop(delivery, outbox, clock, log),
    [Delivery, Outbox, Clock],
  );
  bind(OutboxWriter).toResolvedValue(
    (pool: pg.Pool, vault: Vault) => new OutboxWriter(pool, vault),
    [BackgroundPool, Vault],
  );
  bind(OutboxFollower).toResolvedValue(
    (pool: pg.Pool, eventLog: EventLog, announcer: Announcer, writer: OutboxWriter, loop: DeliveryLoop) =>
      new OutboxFollower(pool, eventLog, announcer, writer, loop.wake, ({ stream, revision, type, error }) =>
        log.error('outbox-event-parked', { stream, revision, type, error }),
      ),
    [BackgroundPool, EventLog, Announcer, OutboxWriter, DeliveryLoop],
  );
}
