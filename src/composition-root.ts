import { randomUUID } from 'node:crypto';
import { Container, type ServiceIdentifier } from 'inversify';
import type { Knex } from 'knex';
import type pg from 'pg';
import { Registry } from 'prom-client';
import { Authenticator } from './api/authentication.js';
import { Cors } from './api/cors.js';
import { Cursors } from './api/cursors.js';
import { Gate } from './api/gate.js';
import { HttpApplication } from './api/http-application.js';
import { HttpMetrics } from './api/http-metrics.js';
import { HttpServer, type Listening } from './api/http-server.js';
import type { HttpSettings } from './api/http-settings.js';
import { IdempotentRuns } from './api/idempotent-runs.js';
import { openApiDocument } from './api/openapi/document.js';
import { MetricsAccess } from './api/operations/metrics-access.js';
import { Pipeline } from './api/pipeline.js';
import { type AllServices, routes } from './api/routes.js';
import { Tenants as TenantDirectory } from './api/tenants.js';
import { TenantsBySlug, TokenAuthenticator } from './api/token-authenticator.js';
import { AccessTokens } from './application/access-tokens.js';
import { Clients } from './application/clients.js';
import { Devices } from './application/devices.js';
import { FirstStart } from './application/first-start.js';
import { Identifiers } from './application/identifiers.js';
import { Invitations } from './application/invitations.js';
import { Issuers } from './application/issuers.js';
import { Announcer } from './application/notifications/announcer.js';
import { Delivery, type Transports } from './application/notifications/delivery.js';
import type { Channel } from './application/notifications/kinds.js';
import { NotificationTemplates } from './application/notifications/notification-templates.js';
import { PasswordReset } from './application/password-reset.js';
import { PasswordChange } from './application/password.js';
import { Passwords } from './application/passwords.js';
import { PeopleOfTheLog, SitesOfTenants } from './application/people.js';
import { Attempts } from './application/ports/attempts.js';
import { Clock } from './application/ports/clock.js';
import { Entropy } from './application/ports/entropy.js';
import { ErasureLedger } from './application/ports/erasure-ledger.js';
import { EventLog } from './application/ports/event-log.js';
import { Freshness } from './application/ports/freshness.js';
import { Idempotency } from './application/ports/idempotency.js';
import { InlineModels } from './application/ports/inline-models.js';
import { MessageLimits } from './application/ports/message-limits.js';
import { OperatorLog } from './application/ports/operator-log.js';
import { Outbox } from './application/ports/outbox.js';
import { OutboxMeter } from './application/ports/outbox-meter.js';
import { PasswordHasher } from './application/ports/password-hasher.js';
import { PasswordStrength } from './application/ports/password-strength.js';
import { People } from './application/ports/people.js';
import { PersonalData } from './application/ports/personal-data.js';
import { Phones } from './application/ports/phones.js';
import { RateLimits } from './application/ports/rate-limits.js';
import { Readiness } from './application/ports/readiness.js';
import { SecurityRows } from './application/ports/security-rows.js';
import { SingleUse } from './application/ports/single-use.js';
import { Snapshots } from './application/ports/snapshots.js';
import { StreamStates } from './application/ports/stream-states.js';
import { TemplateEngine } from './application/ports/template-engine.js';
import { TemplateStore } from './application/ports/template-store.js';
import { TenantSites } from './application/ports/tenant-sites.js';
import { TokenSigner } from './application/ports/token-signer.js';
import type { Tracing } from './application/ports/tracing.js';
import { UserAgents } from './application/ports/user-agents.js';
import { Vault } from './application/ports/vault.js';
import { Profiles } from './application/profile.js';
import { RefreshTokens } from './application/refresh-tokens.js';
import { Registration } from './application/registration.js';
import { Sessions } from './application/sessions.js';
import { SignInContinuation } from './application/sign-in-continuation.js';
import { SignInFlows } from './application/sign-in-flow.js';
import { SignIn } from './application/sign-in.js';
import { SigningKeyMaintenance } from './application/signing-key-maintenance.js';
import { SigningKeyRing } from './application/signing-keys.js';
import { Steps } from './application/steps.js';
import { systemTenant, Tenants } from './application/tenants.js';
import { TokenRefresh } from './application/token-refresh.js';
import { TokenStatus } from './application/token-status.js';
import { Transactor } from './application/transactor.js';
import { UserAdministration } from './application/user-administration.js';
import { Verification } from './application/verification.js';
import { aggregates, catalogue } from './domain/catalogue.js';
import { plusSeconds } from './domain/values.js';
import { BowserUserAgents } from './infrastructure/bowser-user-agents.js';
import type { Database } from './infrastructure/database.js';
import { EventCodec } from './infrastructure/event-log/codec.js';
import { LogEngine } from './infrastructure/event-log/log-engine.js';
import { SealedEventLog } from './infrastructure/event-log/sealed-event-log.js';
import { upcasters } from './infrastructure/event-log/upcasters.js';
import { FoldedStreams } from './infrastructure/folded-streams.js';
import { ListedInlineModels } from './infrastructure/inline-models.js';
import { type Job, JobRunner } from './infrastructure/job-runner.js';
import { JoseTokenSigner } from './infrastructure/jose-token-signer.js';
import { LibphonenumberPhones } from './infrastructure/libphonenumber-phones.js';
import { LiquidTemplates } from './infrastructure/liquid-templates.js';
import { NodeEntropy } from './infrastructure/node-entropy.js';
import { DeliveryLoop } from './infrastructure/outbox/delivery-loop.js';
import { OutboxFollower } from './infrastructure/outbox/outbox-follower.js';
import { OutboxMetrics } from './infrastructure/outbox/outbox-metrics.js';
import { OutboxWriter } from './infrastructure/outbox/outbox-writer.js';
import { PostgresOutbox } from './infrastructure/outbox/postgres-outbox.js';
import { PostgresAttempts } from './infrastructure/postgres-attempts.js';
import { PostgresIdempotency } from './infrastructure/postgres-idempotency.js';
import { PostgresMessageLimits } from './infrastructure/postgres-message-limits.js';
import { PostgresPersonalData } from './infrastructure/postgres-personal-data.js';
import { PostgresReadiness } from './infrastructure/postgres-readiness.js';
import { PostgresSecurityRows } from './infrastructure/postgres-security-rows.js';
import { PostgresSingleUse } from './infrastructure/postgres-single-use.js';
import { PostgresSnapshots } from './infrastructure/postgres-snapshots.js';
import { PostgresTemplateStore } from './infrastructure/postgres-template-store.js';
import { Announcements } from './infrastructure/projection-runner/announcements.js';
import { CheckpointFreshness } from './infrastructure/projection-runner/checkpoint-freshness.js';
import { Leases } from './infrastructure/projection-runner/leases.js';
import { ProjectionRunner } from './infrastructure/projection-runner/projection-runner.js';
import { ReadModelCatalog } from './infrastructure/projection-runner/read-model-catalog.js';
import { ReadModelStates } from './infrastructure/projection-runner/read-model-states.js';
import { FlexibleRateLimits } from './infrastructure/rate-limits.js';
import { BulkVault } from './infrastructure/vault/bulk-vault.js';
import { PostgresVault } from './infrastructure/vault/postgres-vault.js';
import type { RootKeys } from './infrastructure/vault/root-keys.js';
import { ZxcvbnPasswordStrength } from './infrastructure/zxcvbn-password-strength.js';
import { inlineModels } from './projections/inline-models.js';
import { projections } from './projections/projections.js';

/** What is chosen outside: by configuration in the service, by hand in tests. */
export type Foundation = Readonly<{
  database: Database;
  engine: LogEngine;
  rootKeys: RootKeys;
  ledger: ErasureLedger;
  clock: Clock;
  log: OperatorLog;
  hasher: PasswordHasher;
  transports: Transports;
  http: HttpSettings;
  listening: Listening;
  metricsToken: string | undefined;
  rateBudgets?: ConstructorParameters<typeof FlexibleRateLimits>[3];
  tracing?: Tracing;
  /** What else the process serves, such as the mailbox for development. */
  pages: ConstructorParameters<typeof HttpApplication<AllServices>>[7];
  version: string;
}>;

/** Milliseconds. */
const leaseLifetime = 10_000;
const freshnessPatience = 5_000;

const Pool: ServiceIdentifier<pg.Pool> = Symbol('Pool');

/** One line per object. Tokens are the abstract classes, or the class itself where there is only one. */
export function compose(foundation: Foundation): Container {
  const { database, log, http } = foundation;
  const container = new Container({ defaultScope: 'Singleton' });
  const bind = container.bind.bind(container);

  // Chosen outside
  bind(Pool).toConstantValue(database.pool);
  bind(LogEngine).toConstantValue(foundation.engine);
  bind(Clock).toConstantValue(foundation.clock);
  bind(OperatorLog).toConstantValue(log);
  bind(ErasureLedger).toConstantValue(foundation.ledger);
  bind(PasswordHasher).toConstantValue(foundation.hasher);

  // The log and what is kept beside it
  bind(PostgresVault).toResolvedValue((clock: Clock) => new PostgresVault(database, foundation.rootKeys, foundation.ledger, clock), [Clock]);
  bind(BulkVault).toResolvedValue((vault: PostgresVault) => vault, [PostgresVault]);
  bind(Vault).toResolvedValue((vault: PostgresVault) => vault, [PostgresVault]);
  bind(EventCodec).toResolvedValue((vault: BulkVault) => new EventCodec(catalogue, upcasters, vault), [BulkVault]);
  bind(EventLog).toResolvedValue((engine: LogEngine, codec: EventCodec) => new SealedEventLog(engine, codec), [LogEngine, EventCodec]);
  bind(PostgresSnapshots).toResolvedValue((pool: pg.Pool, vault: BulkVault) => new PostgresSnapshots(pool, vault), [Pool, BulkVault]);
  bind(Snapshots).toResolvedValue((snapshots: PostgresSnapshots) => snapshots, [PostgresSnapshots]);
  bind(InlineModels).toResolvedValue(() => new ListedInlineModels(inlineModels));
  bind(StreamStates).toResolvedValue((eventLog: EventLog) => new FoldedStreams(eventLog, aggregates), [EventLog]);
  bind(SecurityRows).toResolvedValue((pool: pg.Pool) => new PostgresSecurityRows(pool), [Pool]);
  bind(Attempts).toResolvedValue((pool: pg.Pool) => new PostgresAttempts(pool), [Pool]);
  bind(SingleUse).toResolvedValue((pool: pg.Pool, vault: Vault) => new PostgresSingleUse(pool, vault), [Pool, Vault]);
  bind(MessageLimits).toResolvedValue((pool: pg.Pool) => new PostgresMessageLimits(pool), [Pool]);
  bind(Idempotency).toResolvedValue((pool: pg.Pool, vault: Vault, clock: Clock) => new PostgresIdempotency(pool, vault, clock), [Pool, Vault, Clock]);
  bind(RateLimits).toResolvedValue((pool: pg.Pool, vault: Vault) => new FlexibleRateLimits(pool, vault, systemTenant, foundation.rateBudgets), [Pool, Vault]);
  bind(PersonalData).toResolvedValue((pool: pg.Pool, snapshots: PostgresSnapshots, outbox: Outbox) => new PostgresPersonalData(pool, snapshots, outbox), [Pool, PostgresSnapshots, Outbox]);

  // Libraries behind ports
  bind(Entropy).toResolvedValue(() => new NodeEntropy());
  bind(TokenSigner).toResolvedValue(() => new JoseTokenSigner());
  bind(PasswordStrength).toResolvedValue(() => new ZxcvbnPasswordStrength());
  bind(Phones).toResolvedValue(() => new LibphonenumberPhones());
  bind(UserAgents).toResolvedValue(() => new BowserUserAgents());
  bind(TemplateEngine).toResolvedValue(() => new LiquidTemplates());

  // Use cases
  bind(Steps).toResolvedValue((entropy: Entropy) => new Steps(entropy), [Entropy]);
  bind(Issuers).toResolvedValue(() => new Issuers(http.origin));
  bind(Transactor).toResolvedValue((eventLog: EventLog, inline: InlineModels, snapshots: Snapshots) => new Transactor(eventLog, inline, snapshots), [EventLog, InlineModels, Snapshots]);
  bind(SigningKeyRing).toResolvedValue((transactor: Transactor, signer: TokenSigner, vault: Vault, steps: Steps) => new SigningKeyRing(transactor, signer, vault, steps), [Transactor, TokenSigner, Vault, Steps]);
  bind(Tenants).toResolvedValue((transactor: Transactor, vault: Vault, keys: SigningKeyRing, steps: Steps) => new Tenants(transactor, vault, keys, steps), [Transactor, Vault, SigningKeyRing, Steps]);
  bind(Identifiers).toResolvedValue((transactor: Transactor, vault: Vault, phones: Phones, steps: Steps) => new Identifiers(transactor, vault, phones, steps), [Transactor, Vault, Phones, Steps]);
  bind(Passwords).toResolvedValue((hasher: PasswordHasher, strength: PasswordStrength, vault: Vault, steps: Steps) => new Passwords(hasher, strength, vault, steps), [PasswordHasher, PasswordStrength, Vault, Steps]);
  bind(Registration).toResolvedValue((...parts: ConstructorParameters<typeof Registration>) => new Registration(...parts), [Transactor, Tenants, Identifiers, Passwords, Vault, Steps]);
  bind(Verification).toResolvedValue((...parts: ConstructorParameters<typeof Verification>) => new Verification(...parts), [Transactor, Tenants, Identifiers, SingleUse, MessageLimits, Steps]);
  bind(AccessTokens).toResolvedValue((...parts: ConstructorParameters<typeof AccessTokens>) => new AccessTokens(...parts), [SigningKeyRing, SecurityRows, Issuers]);
  bind(RefreshTokens).toResolvedValue((vault: Vault) => new RefreshTokens(vault), [Vault]);
  bind(Sessions).toResolvedValue((...parts: ConstructorParameters<typeof Sessions>) => new Sessions(...parts), [Transactor, AccessTokens, RefreshTokens, SecurityRows, Steps]);
  bind(TokenRefresh).toResolvedValue((...parts: ConstructorParameters<typeof TokenRefresh>) => new TokenRefresh(...parts), [Transactor, Tenants, Sessions, AccessTokens, RefreshTokens, SecurityRows, Steps]);
  bind(TokenStatus).toResolvedValue((...parts: ConstructorParameters<typeof TokenStatus>) => new TokenStatus(...parts), [Transactor, AccessTokens, RefreshTokens, SecurityRows, Steps]);
  bind(Devices).toResolvedValue((vault: Vault) => new Devices(vault), [Vault]);
  bind(SignInFlows).toResolvedValue((vault: Vault) => new SignInFlows(vault), [Vault]);
  bind(SignIn).toResolvedValue((...parts: ConstructorParameters<typeof SignIn>) => new SignIn(...parts), [Transactor, Tenants, Identifiers, Sessions, Attempts, PasswordHasher, SignInFlows, Devices, Vault, SecurityRows, Steps]);
  bind(PasswordChange).toResolvedValue((...parts: ConstructorParameters<typeof PasswordChange>) => new PasswordChange(...parts), [Transactor, Tenants, Passwords, PasswordHasher, Attempts, Sessions, SecurityRows, Steps]);
  bind(PasswordReset).toResolvedValue((...parts: ConstructorParameters<typeof PasswordReset>) => new PasswordReset(...parts), [Transactor, Tenants, Identifiers, Passwords, PasswordChange, SingleUse, MessageLimits, Steps]);
  bind(Invitations).toResolvedValue((...parts: ConstructorParameters<typeof Invitations>) => new Invitations(...parts), [Transactor, Tenants, Passwords, SingleUse, Steps]);
  bind(SignInContinuation).toResolvedValue((...parts: ConstructorParameters<typeof SignInContinuation>) => new SignInContinuation(...parts), [Transactor, Tenants, SignInFlows, Verification, PasswordChange, Sessions, Devices, Steps]);
  bind(Profiles).toResolvedValue((...parts: ConstructorParameters<typeof Profiles>) => new Profiles(...parts), [Transactor, Tenants, Identifiers, MessageLimits, Steps]);
  bind(UserAdministration).toResolvedValue((...parts: ConstructorParameters<typeof UserAdministration>) => new UserAdministration(...parts), [Transactor, Identifiers, Vault, PersonalData, SingleUse, Attempts, SecurityRows, Steps]);
  bind(Clients).toResolvedValue((...parts: ConstructorParameters<typeof Clients>) => new Clients(...parts), [Transactor, Vault, Entropy, SecurityRows, Steps]);
  bind(FirstStart).toResolvedValue((...parts: ConstructorParameters<typeof FirstStart>) => new FirstStart(...parts), [Tenants, Registration, SingleUse, SecurityRows, Entropy, Clock, Issuers]);

  // Scheduled jobs
  bind(SigningKeyMaintenance).toResolvedValue((...parts: ConstructorParameters<typeof SigningKeyMaintenance>) => new SigningKeyMaintenance(...parts), [Transactor, SigningKeyRing, SecurityRows, Entropy]);
  bind(JobRunner).toResolvedValue((pool: pg.Pool, clock: Clock) => new JobRunner(pool, jobsOf(container), clock, log), [Pool, Clock]);

  // Notifications
  bind(People).toResolvedValue((transactor: Transactor) => new PeopleOfTheLog(transactor), [Transactor]);
  bind(TenantSites).toResolvedValue((tenants: Tenants, issuers: Issuers) => new SitesOfTenants(tenants, issuers), [Tenants, Issuers]);
  bind(Announcer).toResolvedValue((people: People, sites: TenantSites, entropy: Entropy, clock: Clock) => new Announcer(people, sites, entropy, clock, new Set(Object.keys(foundation.transports) as Channel[])), [People, TenantSites, Entropy, Clock]);
  bind(OutboxMeter).toResolvedValue((registry: Registry, outbox: PostgresOutbox) => new OutboxMetrics(registry, outbox), [Registry, PostgresOutbox]);
  bind(TemplateStore).toResolvedValue((pool: pg.Pool) => new PostgresTemplateStore(pool), [Pool]);
  bind(NotificationTemplates).toResolvedValue((store: TemplateStore, engine: TemplateEngine, meter: OutboxMeter) => new NotificationTemplates(store, engine, (tenant, kind, locale) => {
    meter.wordingFailed(kind);
    log.warn('template-failed', { tenant, kind, locale });
  }), [TemplateStore, TemplateEngine, OutboxMeter]);
  bind(PostgresOutbox).toResolvedValue((pool: pg.Pool, vault: Vault) => new PostgresOutbox(pool, vault), [Pool, Vault]);
  bind(Outbox).toResolvedValue((outbox: PostgresOutbox) => outbox, [PostgresOutbox]);
  bind(Delivery).toResolvedValue((outbox: Outbox, templates: NotificationTemplates, clock: Clock, entropy: Entropy, meter: OutboxMeter) => new Delivery(outbox, templates, foundation.transports, clock, entropy, meter, log), [Outbox, NotificationTemplates, Clock, Entropy, OutboxMeter]);
  bind(DeliveryLoop).toResolvedValue((delivery: Delivery, outbox: Outbox, clock: Clock) => new DeliveryLoop(delivery, outbox, clock, log), [Delivery, Outbox, Clock]);
  bind(OutboxWriter).toResolvedValue((pool: pg.Pool, vault: Vault) => new OutboxWriter(pool, vault), [Pool, Vault]);
  bind(OutboxFollower).toResolvedValue((pool: pg.Pool, eventLog: EventLog, announcer: Announcer, writer: OutboxWriter, loop: DeliveryLoop) => new OutboxFollower(pool, eventLog, announcer, writer, loop.wake, ({ stream, revision, type, error }) => log.error('outbox-event-parked', { stream, revision, type, error })), [Pool, EventLog, Announcer, OutboxWriter, DeliveryLoop]);

  // Read models
  bind(Announcements).toResolvedValue((pool: pg.Pool) => new Announcements(pool, database.config), [Pool]);
  bind(ReadModelStates).toResolvedValue((pool: pg.Pool, eventLog: EventLog, announcements: Announcements) => new ReadModelStates(pool, eventLog, announcements), [Pool, EventLog, Announcements]);
  bind(Freshness).toResolvedValue((eventLog: EventLog, states: ReadModelStates, announcements: Announcements) => new CheckpointFreshness(eventLog, projections, states, announcements, freshnessPatience), [EventLog, ReadModelStates, Announcements]);
  bind(ReadModelCatalog).toResolvedValue((pool: pg.Pool, states: StreamStates) => new ReadModelCatalog(pool, projections, inlineModels, states), [Pool, StreamStates]);
  bind(Leases).toResolvedValue((pool: pg.Pool) => new Leases(pool, randomUUID(), leaseLifetime), [Pool]);

  // HTTP
  bind(Registry).toConstantValue(new Registry());
  bind(HttpMetrics).toResolvedValue((registry: Registry) => new HttpMetrics(registry), [Registry]);
  bind(Readiness).toResolvedValue((pool: pg.Pool, engine: LogEngine) => new PostgresReadiness(pool, engine), [Pool, LogEngine]);
  bind(Authenticator).toResolvedValue((tokens: AccessTokens, clock: Clock) => new TokenAuthenticator(tokens, clock), [AccessTokens, Clock]);
  bind(TenantDirectory).toResolvedValue((rows: SecurityRows) => new TenantsBySlug(rows), [SecurityRows]);
  bind(Gate).toResolvedValue((tenants: TenantDirectory, authenticator: Authenticator, limits: RateLimits) => new Gate(tenants, authenticator, limits, http), [TenantDirectory, Authenticator, RateLimits]);
  bind(IdempotentRuns).toResolvedValue((idempotency: Idempotency) => new IdempotentRuns(idempotency, log, http), [Idempotency]);
  bind(Cursors).toResolvedValue((vault: Vault) => new Cursors(vault), [Vault]);
  bind<Pipeline<AllServices>>(Pipeline).toResolvedValue(
    (gate: Gate, runs: IdempotentRuns, cursors: Cursors, freshness: Freshness, clock: Clock, entropy: Entropy) =>
      new Pipeline<AllServices>(servicesOf(container, foundation, database.knex), gate, runs, cursors, freshness, clock, entropy, http),
    [Gate, IdempotentRuns, Cursors, Freshness, Clock, Entropy],
  );
  bind<HttpApplication<AllServices>>(HttpApplication).toResolvedValue(
    (pipeline: Pipeline<AllServices>, directory: TenantDirectory, metrics: HttpMetrics, entropy: Entropy) =>
      new HttpApplication(routes, pipeline, new Cors(directory), metrics, log, entropy, http, foundation.pages, foundation.tracing),
    [Pipeline, TenantDirectory, HttpMetrics, Entropy],
  );
  bind(HttpServer).toResolvedValue(
    (application: HttpApplication<AllServices>, entropy: Entropy) => new HttpServer(application, foundation.listening, log, entropy),
    [HttpApplication, Entropy],
  );
  return container;
}

/** The runner of this process: read models, the outbox, or both. */
export const projectionRunner = (container: Container, roles: Readonly<{ projector: boolean; outbox: boolean }>): ProjectionRunner =>
  new ProjectionRunner(
    container.get(EventLog),
    roles.projector ? container.get(ReadModelCatalog) : new ReadModelCatalog(container.get<pg.Pool>(Pool), [], [], container.get(StreamStates)),
    roles.outbox ? [container.get(OutboxFollower)] : [],
    container.get(Leases),
    container.get(Announcements),
    ({ kind, ...fields }) => container.get(OperatorLog)[kind === 'parked' ? 'error' : 'info'](`read-model-${kind}`, fields),
  );

const day = 86_400;

/** Every scheduled job. */
const jobsOf = (container: Container): readonly Job[] => [
  { name: 'signing-keys', everySeconds: 3_600, run: (at) => container.get(SigningKeyMaintenance).run(at) },
  { name: 'expire-codes', everySeconds: 3_600, run: (at) => container.get(SingleUse).expire(plusSeconds(at, -30 * day)) },
  { name: 'expire-attempts', everySeconds: 3_600, run: (at) => container.get(Attempts).expire(plusSeconds(at, -30 * day)) },
  { name: 'expire-outbox', everySeconds: 3_600, run: (at) => container.get(Outbox).expire(at) },
  { name: 'expire-message-limits', everySeconds: 3_600, run: (at) => container.get(MessageLimits).expire(at) },
  { name: 'expire-idempotency', everySeconds: 3_600, run: (at) => container.get(Idempotency).expire(at) },
];

const servicesOf = (container: Container, foundation: Foundation, knex: Knex): AllServices => ({
  clients: container.get(Clients),
  firstStart: container.get(FirstStart),
  invitations: container.get(Invitations),
  issuers: container.get(Issuers),
  passwordChange: container.get(PasswordChange),
  passwordReset: container.get(PasswordReset),
  profiles: container.get(Profiles),
  registration: container.get(Registration),
  securityRows: container.get(SecurityRows),
  sessions: container.get(Sessions),
  signIn: container.get(SignIn),
  signInContinuation: container.get(SignInContinuation),
  signingKeys: container.get(SigningKeyRing),
  tenants: container.get(Tenants),
  tokenRefresh: container.get(TokenRefresh),
  tokenStatus: container.get(TokenStatus),
  userAdministration: container.get(UserAdministration),
  userAgents: container.get(UserAgents),
  verification: container.get(Verification),
  knex,
  readiness: container.get(Readiness),
  metrics: container.get(HttpMetrics),
  metricsAccess: new MetricsAccess(foundation.metricsToken),
  apiDescription: () => JSON.stringify(openApiDocument(routes, foundation.http.origin, foundation.version)),
});
