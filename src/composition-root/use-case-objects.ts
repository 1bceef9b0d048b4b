import type pg from 'pg';
import { BackgroundPool, type Bind, type Foundation, make } from './binding.js';
import { ApiKeys } from '../application/api-keys.js';
import { ApiKeyUsage } from '../application/api-key-usage.js';
import { AccountIdentifiers } from '../application/account-identifiers.js';
import { AccessTokens } from '../application/access-tokens.js';
import { LogoutAnnouncements } from '../application/backchannel-logout.js';
import { TenantAdministrators } from '../application/administrators.js';
import { Clients } from '../application/clients.js';
import { CodeGuesses } from '../application/code-guesses.js';
import { Devices } from '../application/devices.js';
import { FirstStart } from '../application/first-start.js';
import { Identifiers } from '../application/identifiers.js';
import { Invitations } from '../application/invitations.js';
import { IntrospectionAnswers } from '../application/introspection-answers.js';
import { TokenValidation } from '../application/token-validation.js';
import { Issuers } from '../application/issuers.js';
import { MachineTokens } from '../application/machine-tokens.js';
import { OpaqueTokens } from '../application/opaque-tokens.js';
import { Locking } from '../application/locking.js';
import { PasswordReset } from '../application/password-reset.js';
import { PasswordChange } from '../application/password.js';
import { PasswordCheck } from '../application/password-check.js';
import { Passwords } from '../application/passwords.js';
import { Attempts } from '../application/ports/attempts.js';
import { ApiKeyRows } from '../application/ports/api-key-rows.js';
import { ApiKeyUses } from '../application/ports/api-key-uses.js';
import { Checksums } from '../application/ports/checksums.js';
import { ClaimExpressions } from '../application/ports/claim-expressions.js';
import { Clock } from '../application/ports/clock.js';
import { ConflictPause } from '../application/ports/conflict-pause.js';
import { Entropy } from '../application/ports/entropy.js';
import { EventLog } from '../application/ports/event-log.js';
import { InlineModels } from '../application/ports/inline-models.js';
import { BegunErasures } from '../application/ports/begun-erasures.js';
import { MessageLimits } from '../application/ports/message-limits.js';
import { PasswordHasher } from '../application/ports/password-hasher.js';
import { PasswordStrength } from '../application/ports/password-strength.js';
import { PersonalData } from '../application/ports/personal-data.js';
import { Phones } from '../application/ports/phones.js';
import { SecurityRows } from '../application/ports/security-rows.js';
import { SingleUse } from '../application/ports/single-use.js';
import { Snapshots } from '../application/ports/snapshots.js';
import { TokenSigner } from '../application/ports/token-signer.js';
import { Vault } from '../application/ports/vault.js';
import { PasswordRehash } from '../application/password-rehash.js';
import { Profiles } from '../application/profile.js';
import { RefreshTokens } from '../application/refresh-tokens.js';
import { RegistrationFlow } from '../application/registration-flow.js';
import { Registration } from '../application/registration.js';
import { FinishBegunErasures } from '../application/finish-begun-erasures.js';
import { RestoredAccounts } from '../application/restored-accounts.js';
import { Sessions } from '../application/sessions.js';
import { SignInContinuation } from '../application/sign-in-continuation.js';
import { SignInFlows } from '../application/sign-in-flow.js';
import { SignIn } from '../application/sign-in.js';
import { SigningKeyMaintenance } from '../application/signing-key-maintenance.js';
import { SigningKeyRing } from '../application/signing-keys.js';
import { Slugs } from '../application/slugs.js';
import { Steps } from '../application/steps.js';
import { Tenants } from '../application/tenants.js';
import { TokenDryRun } from '../application/token-dry-run.js';
import { TokenMaking } from '../application/token-making.js';
import { TokenPolicies } from '../application/token-policies.js';
import { TokenRefresh } from '../application/token-refresh.js';
import { TokenStatus } from '../application/token-status.js';
import { Transactor } from '../application/transactor.js';
import { UserAdministration } from '../application/user-administration.js';
import { Verification } from '../application/verification.js';
import { JobRunner } from '../infrastructure/job-runner.js';
import { jobsOf } from './scheduled-jobs.js';
import { type Container } from 'inversify';

/** One object per use case. */
export function bindUseCases(container: Container, bind: Bind, foundation: Foundation): void {
  const { log, http } = foundation;
  // Use cases
  bind(Steps).toResolvedValue(make(Steps), [Entropy]);
  bind(Issuers).toResolvedValue(() => new Issuers(http.origin));
  bind(Transactor).toResolvedValue(
    (eventLog: EventLog, inline: InlineModels, snapshots: Snapshots, pause: ConflictPause) =>
      new Transactor(eventLog, inline, snapshots, pause),
    [EventLog, InlineModels, Snapshots, ConflictPause],
  );
  bind(SigningKeyRing).toResolvedValue(make(SigningKeyRing), [Transactor, TokenSigner, Vault, Steps]);
  bind(Slugs).toResolvedValue(make(Slugs), [Transactor, Steps]);
  bind(Tenants).toResolvedValue(make(Tenants), [Transactor, Vault, SigningKeyRing, Slugs, Steps]);
  bind(Identifiers).toResolvedValue(make(Identifiers), [Transactor, Vault, Phones, Steps]);
  bind(Passwords).toResolvedValue(make(Passwords), [PasswordHasher, PasswordStrength, Vault, Steps]);
  bind(Registration).toResolvedValue(make(Registration), [
    Transactor,
    Tenants,
    Identifiers,
    Passwords,
    Vault,
    MessageLimits,
    Steps,
  ]);
  bind(Locking).toResolvedValue(make(Locking), [Transactor, Steps]);
  bind(CodeGuesses).toResolvedValue(make(CodeGuesses), [Attempts, Locking]);
  bind(PasswordCheck).toResolvedValue(make(PasswordCheck), [Transactor, Attempts, PasswordHasher, Steps]);
  bind(Verification).toResolvedValue(make(Verification), [
    Transactor,
    Tenants,
    Identifiers,
    CodeGuesses,
    SingleUse,
    MessageLimits,
    Steps,
  ]);
  bind(OpaqueTokens).toResolvedValue(make(OpaqueTokens), [Vault]);
  bind(Profiles).toResolvedValue(make(Profiles), [Transactor, Tenants]);
  bind(TokenPolicies).toResolvedValue(make(TokenPolicies), [Transactor, ClaimExpressions, TokenSigner, Steps]);
  bind(TokenMaking).toResolvedValue(make(TokenMaking), [
    TokenPolicies,
    SigningKeyRing,
    OpaqueTokens,
    TokenSigner,
    ClaimExpressions,
    Profiles,
    Issuers,
  ]);
  bind(TokenDryRun).toResolvedValue(make(TokenDryRun), [TokenPolicies, TokenMaking, Tenants, SecurityRows, Steps]);
  bind(AccessTokens).toResolvedValue(make(AccessTokens), [
    SigningKeyRing,
    OpaqueTokens,
    SecurityRows,
    Issuers,
    TokenMaking,
    Transactor,
    Steps,
  ]);
  bind(MachineTokens).toResolvedValue(make(MachineTokens), [Transactor, Tenants, TokenMaking, Entropy]);
  bind(RefreshTokens).toResolvedValue(make(RefreshTokens), [Vault]);
  bind(Sessions).toResolvedValue(make(Sessions), [
    Transactor,
    AccessTokens,
    RefreshTokens,
    SecurityRows,
    LogoutAnnouncements,
    Steps,
  ]);
  bind(TokenRefresh).toResolvedValue(make(TokenRefresh), [
    Transactor,
    Tenants,
    Sessions,
    AccessTokens,
    RefreshTokens,
    SecurityRows,
    Steps,
  ]);
  bind(IntrospectionAnswers).toResolvedValue(make(IntrospectionAnswers), [SigningKeyRing, Issuers]);
  bind(TokenValidation).toResolvedValue(make(TokenValidation), [
    AccessTokens,
    RefreshTokens,
    ApiKeys,
    SigningKeyRing,
    TokenPolicies,
    SecurityRows,
    Issuers,
  ]);
  bind(TokenStatus).toResolvedValue(make(TokenStatus), [
    Transactor,
    AccessTokens,
    RefreshTokens,
    SecurityRows,
    Clients,
    Steps,
  ]);
  bind(Devices).toResolvedValue(make(Devices), [Vault]);
  bind(SignInFlows).toResolvedValue(make(SignInFlows), [Vault]);
  bind(PasswordRehash).toResolvedValue(make(PasswordRehash), [Transactor, PasswordHasher, Vault, Steps]);
  bind(SignIn).toResolvedValue(make(SignIn), [
    Transactor,
    Tenants,
    Identifiers,
    Sessions,
    Attempts,
    Locking,
    PasswordHasher,
    SignInFlows,
    Devices,
    PasswordRehash,
    SecurityRows,
    Steps,
  ]);
  bind(PasswordChange).toResolvedValue(make(PasswordChange), [
    Transactor,
    Tenants,
    Passwords,
    PasswordHasher,
    Attempts,
    PasswordCheck,
    SingleUse,
    Sessions,
    SecurityRows,
    Steps,
  ]);
  bind(PasswordReset).toResolvedValue(make(PasswordReset), [
    Transactor,
    Tenants,
    Identifiers,
    Passwords,
    PasswordChange,
    CodeGuesses,
    SingleUse,
    MessageLimits,
    Steps,
  ]);
  bind(Invitations).toResolvedValue(make(Invitations), [Transactor, Tenants, Passwords, SingleUse, Steps]);
  bind(RegistrationFlow).toResolvedValue(make(RegistrationFlow), [
    Registration,
    Tenants,
    Identifiers,
    Sessions,
    SignInFlows,
    Steps,
  ]);
  bind(SignInContinuation).toResolvedValue(make(SignInContinuation), [
    Transactor,
    Tenants,
    SignInFlows,
    Verification,
    PasswordChange,
    Sessions,
    Devices,
    Steps,
  ]);
  bind(AccountIdentifiers).toResolvedValue(make(AccountIdentifiers), [
    Transactor,
    Tenants,
    Profiles,
    Identifiers,
    SingleUse,
    MessageLimits,
    Steps,
  ]);
  bind(TenantAdministrators).toResolvedValue(make(TenantAdministrators), [Transactor, SecurityRows, Steps]);
  bind(UserAdministration).toResolvedValue(make(UserAdministration), [
    Transactor,
    Identifiers,
    Vault,
    PersonalData,
    SingleUse,
    Attempts,
    TenantAdministrators,
    BegunErasures,
    Steps,
  ]);
  bind(FinishBegunErasures).toResolvedValue(make(FinishBegunErasures), [
    Transactor,
    UserAdministration,
    BegunErasures,
    Entropy,
  ]);
  bind(RestoredAccounts).toResolvedValue(make(RestoredAccounts), [Transactor, UserAdministration, Entropy, Clock]);
  bind(ApiKeys).toResolvedValue(make(ApiKeys), [Transactor, Vault, ApiKeyRows, ApiKeyUses, Entropy, Checksums, Steps]);
  bind(ApiKeyUsage).toResolvedValue(make(ApiKeyUsage), [Transactor, ApiKeyUses, Entropy]);
  bind(Clients).toResolvedValue(make(Clients), [Transactor, Vault, Entropy, SecurityRows, Steps]);
  bind(FirstStart).toResolvedValue(make(FirstStart), [
    Tenants,
    Registration,
    SingleUse,
    SecurityRows,
    Entropy,
    Clock,
    Issuers,
  ]);
  // Scheduled jobs
  bind(SigningKeyMaintenance).toResolvedValue(make(SigningKeyMaintenance), [
    Transactor,
    SigningKeyRing,
    SecurityRows,
    Entropy,
  ]);
  bind(JobRunner).toResolvedValue(
    (pool: pg.Pool, clock: Clock) => new JobRunner(pool, jobsOf(container, foundation), clock, log),
    [BackgroundPool, Clock],
  );
}
