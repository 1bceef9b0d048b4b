import { type Bind, type Foundation, make, Pool } from './binding.js';
import { Authenticator } from '../api/access/authentication.js';
import { Cors } from '../api/answer/cors.js';
import { Cursors } from '../api/request/cursors.js';
import { Gate } from '../api/access/gate.js';
import { HttpApplication } from '../api/server/http-application.js';
import { HttpMetrics } from '../api/server/http-metrics.js';
import { HttpServer } from '../api/server/http-server.js';
import { IdempotentRuns } from '../api/server/idempotent-runs.js';
import { openApiDocument } from '../api/openapi/document.js';
import { MetricsAccess } from '../api/operations/metrics-access.js';
import { Pipeline } from '../api/server/pipeline.js';
import { type AllServices, routes } from '../api/routes.js';
import { Tenants as TenantDirectory } from '../api/access/tenants.js';
import { TenantsBySlug, TokenAuthenticator } from '../api/access/token-authenticator.js';
import { AccessTokens } from '../application/access-tokens.js';
import { AccountIdentifiers } from '../application/account-identifiers.js';
import { ApiKeys } from '../application/api-keys.js';
import { ApiKeyUses } from '../application/ports/api-key-uses.js';
import { Authorizations } from '../application/authorization.js';
import { AuthorizationCodes } from '../application/authorization-codes.js';
import { AuthorizationRequests } from '../application/authorization-requests.js';
import { BrowserSessions } from '../application/browser-sessions.js';
import { ClientAssertions } from '../application/client-assertions.js';
import { ClientRegistration } from '../application/client-registration.js';
import { InitialAccessTokens } from '../application/initial-access-tokens.js';
import { Clients } from '../application/clients.js';
import { Dpop } from '../application/dpop.js';
import { DeviceAuthorizations } from '../application/device-authorizations.js';
import { FirstStart } from '../application/first-start.js';
import { IdTokenHints } from '../application/id-token-hints.js';
import { IdTokens } from '../application/id-tokens.js';
import { Invitations } from '../application/invitations.js';
import { IntrospectionAnswers } from '../application/introspection-answers.js';
import { TokenValidation } from '../application/token-validation.js';
import { Issuers } from '../application/issuers.js';
import { MachineTokens } from '../application/machine-tokens.js';
import { NotificationTemplateAdministration } from '../application/notifications/notification-template-administration.js';
import { PasswordReset } from '../application/password-reset.js';
import { PasswordChange } from '../application/password.js';
import { Clock } from '../application/ports/clock.js';
import { Entropy } from '../application/ports/entropy.js';
import { Freshness } from '../application/ports/freshness.js';
import { Idempotency } from '../application/ports/idempotency.js';
import { RateLimits } from '../application/ports/rate-limits.js';
import { Readiness } from '../application/ports/readiness.js';
import { ReadModels } from '../application/ports/read-models.js';
import { SecurityRows } from '../application/ports/security-rows.js';
import { UserAgents } from '../application/ports/user-agents.js';
import { Vault } from '../application/ports/vault.js';
import { Profiles } from '../application/profile.js';
import { RegistrationFlow } from '../application/registration-flow.js';
import { PushedRequests } from '../application/pushed-requests.js';
import { RequestObjects } from '../application/request-objects.js';
import { Registration } from '../application/registration.js';
import { Sessions } from '../application/sessions.js';
import { SignInContinuation } from '../application/sign-in-continuation.js';
import { SignIn } from '../application/sign-in.js';
import { SigningKeyRing } from '../application/signing-keys.js';
import { Tenants } from '../application/tenants.js';
import { TokenDryRun } from '../application/token-dry-run.js';
import { TokenPolicies } from '../application/token-policies.js';
import { TokenRefresh } from '../application/token-refresh.js';
import { TokenStatus } from '../application/token-status.js';
import { UserAdministration } from '../application/user-administration.js';
import { Userinfo } from '../application/userinfo.js';
import { Verification } from '../application/verification.js';
import { LogEngine } from '../infrastructure/event-log/log-engine.js';
import { SteadyPace } from '../infrastructure/steady-pace.js';
import { PostgresReadiness } from '../infrastructure/postgres-readiness.js';
import { type Container } from 'inversify';
import type { Knex } from 'knex';
import { ErasureMetrics } from '../infrastructure/vault/erasure-metrics.js';
import { ErasuresInProgress } from '../infrastructure/vault/erasures-in-progress.js';
import { RootKeyCheck } from '../infrastructure/vault/root-key-check.js';
import { Registry } from 'prom-client';

const servicesOf = (container: Container, foundation: Foundation, knex: Knex): AllServices => ({
  accountIdentifiers: container.get(AccountIdentifiers),
  apiKeys: container.get(ApiKeys),
  authorizationCodes: container.get(AuthorizationCodes),
  authorizationRequests: container.get(AuthorizationRequests),
  authorizations: container.get(Authorizations),
  browserSessions: container.get(BrowserSessions),
  clientAssertions: container.get(ClientAssertions),
  clientRegistration: container.get(ClientRegistration),
  clients: container.get(Clients),
  initialAccessTokens: container.get(InitialAccessTokens),
  dpop: container.get(Dpop),
  deviceAuthorizations: container.get(DeviceAuthorizations),
  firstStart: container.get(FirstStart),
  idTokenHints: container.get(IdTokenHints),
  idTokens: container.get(IdTokens),
  invitations: container.get(Invitations),
  introspectionAnswers: container.get(IntrospectionAnswers),
  tokenValidation: container.get(TokenValidation),
  issuers: container.get(Issuers),
  machineTokens: container.get(MachineTokens),
  notificationTemplates: container.get(NotificationTemplateAdministration),
  origin: foundation.http.origin,
  passwordChange: container.get(PasswordChange),
  passwordReset: container.get(PasswordReset),
  profiles: container.get(Profiles),
  pushedRequests: container.get(PushedRequests),
  readModels: container.get(ReadModels),
  registration: container.get(Registration),
  registrationFlow: container.get(RegistrationFlow),
  requestObjects: container.get(RequestObjects),
  securityRows: container.get(SecurityRows),
  sessions: container.get(Sessions),
  signIn: container.get(SignIn),
  signInContinuation: container.get(SignInContinuation),
  signingKeys: container.get(SigningKeyRing),
  tenants: container.get(Tenants),
  tokenDryRun: container.get(TokenDryRun),
  tokenPolicies: container.get(TokenPolicies),
  tokenRefresh: container.get(TokenRefresh),
  tokenStatus: container.get(TokenStatus),
  userAdministration: container.get(UserAdministration),
  userAgents: container.get(UserAgents),
  userinfo: container.get(Userinfo),
  verification: container.get(Verification),
  knex,
  // The mailbox is all that a process serves beside the table.
  servesMailbox: foundation.pages !== undefined && foundation.pages.length > 0,
  readiness: container.get(Readiness),
  metrics: container.get(HttpMetrics),
  metricsAccess: new MetricsAccess(foundation.metricsToken),
  apiDescription: () => JSON.stringify(openApiDocument(routes, foundation.http.origin, foundation.version)),
});
/** From the socket to the use cases. */
export function bindHttp(container: Container, bind: Bind, foundation: Foundation): void {
  const { database, log, http } = foundation;
  bind(Registry).toConstantValue(new Registry());
  bind(HttpMetrics).toResolvedValue(make(HttpMetrics), [Registry]);
  bind(ErasureMetrics).toResolvedValue(
    (registry: Registry, erasures: ErasuresInProgress) => new ErasureMetrics(registry, erasures),
    [Registry, ErasuresInProgress],
  );
  bind(Readiness).toResolvedValue(make(PostgresReadiness), [Pool, LogEngine, RootKeyCheck]);
  bind(Authenticator).toResolvedValue(make(TokenAuthenticator), [AccessTokens, ApiKeys, ApiKeyUses, Dpop, Clock]);
  bind(TenantDirectory).toResolvedValue(make(TenantsBySlug), [SecurityRows]);
  bind(Gate).toResolvedValue(
    (tenants: TenantDirectory, authenticator: Authenticator, limits: RateLimits) =>
      new Gate(tenants, authenticator, limits, http),
    [TenantDirectory, Authenticator, RateLimits],
  );
  bind(IdempotentRuns).toResolvedValue(
    (idempotency: Idempotency) => new IdempotentRuns(idempotency, log, http),
    [Idempotency],
  );
  bind(Cursors).toResolvedValue(make(Cursors), [Vault]);
  bind<Pipeline<AllServices>>(Pipeline).toResolvedValue(
    (
      gate: Gate,
      runs: IdempotentRuns,
      cursors: Cursors,
      freshness: Freshness,
      readModels: ReadModels,
      clock: Clock,
      entropy: Entropy,
    ) =>
      new Pipeline<AllServices>(
        servicesOf(container, foundation, database.knex),
        gate,
        runs,
        cursors,
        freshness,
        readModels,
        clock,
        entropy,
        http,
        foundation.pace ?? new SteadyPace(),
      ),
    [Gate, IdempotentRuns, Cursors, Freshness, ReadModels, Clock, Entropy],
  );
  bind<HttpApplication<AllServices>>(HttpApplication).toResolvedValue(
    (pipeline: Pipeline<AllServices>, directory: TenantDirectory, metrics: HttpMetrics, entropy: Entropy) =>
      new HttpApplication(
        routes,
        pipeline,
        new Cors(directory),
        metrics,
        log,
        entropy,
        http,
        foundation.pages,
        foundation.tracing,
      ),
    [Pipeline, TenantDirectory, HttpMetrics, Entropy],
  );
  bind(HttpServer).toResolvedValue(
    (application: HttpApplication<AllServices>, entropy: Entropy) =>
      new HttpServer(application, foundation.listening, log, entropy),
    [HttpApplication, Entropy],
  );
}
