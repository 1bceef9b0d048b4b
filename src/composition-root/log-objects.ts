import type pg from 'pg';
import { BackgroundPool, type Bind, type Foundation, make, Pool } from './binding.js';
import { Attempts } from '../application/ports/attempts.js';
import { Clock } from '../application/ports/clock.js';
import { ConflictPause } from '../application/ports/conflict-pause.js';
import { ApiKeyUses } from '../application/ports/api-key-uses.js';
import { ApiKeyRows } from '../application/ports/api-key-rows.js';
import { Checksums } from '../application/ports/checksums.js';
import { ClaimExpressions } from '../application/ports/claim-expressions.js';
import { Digests } from '../application/ports/digests.js';
import { Entropy } from '../application/ports/entropy.js';
import { ErasureLedger } from '../application/ports/erasure-ledger.js';
import { EventLog } from '../application/ports/event-log.js';
import { Idempotency } from '../application/ports/idempotency.js';
import { InlineModels } from '../application/ports/inline-models.js';
import { BegunErasures } from '../application/ports/begun-erasures.js';
import { MessageLimits } from '../application/ports/message-limits.js';
import { OperatorLog } from '../application/ports/operator-log.js';
import { Outbox } from '../application/ports/outbox.js';
import { PasswordHasher } from '../application/ports/password-hasher.js';
import { PasswordStrength } from '../application/ports/password-strength.js';
import { PersonalData } from '../application/ports/personal-data.js';
import { Phones } from '../application/ports/phones.js';
import { RateLimits } from '../application/ports/rate-limits.js';
import { SecurityRows } from '../application/ports/security-rows.js';
import { SingleUse } from '../application/ports/single-use.js';
import { Snapshots } from '../application/ports/snapshots.js';
import { StreamStates } from '../application/ports/stream-states.js';
import { TemplateEngine } from '../application/ports/template-engine.js';
import { TokenSigner } from '../application/ports/token-signer.js';
import { UserAgents } from '../application/ports/user-agents.js';
import { Vault } from '../application/ports/vault.js';
import { systemTenant } from '../application/system-tenant.js';
import { aggregates, catalogue } from '../domain/catalogue.js';
import { BowserUserAgents } from '../infrastructure/bowser-user-agents.js';
import { EventCodec } from '../infrastructure/event-log/codec.js';
import { LogEngine } from '../infrastructure/event-log/log-engine.js';
import { SealedEventLog } from '../infrastructure/event-log/sealed-event-log.js';
import { upcasters } from '../infrastructure/event-log/upcasters.js';
import { FoldedStreams } from '../infrastructure/folded-streams.js';
import { ListedInlineModels } from '../infrastructure/inline-models.js';
import { CelClaimExpressions } from '../infrastructure/cel-claim-expressions.js';
import { JoseTokenSigner } from '../infrastructure/jose-token-signer.js';
import { LibphonenumberPhones } from '../infrastructure/libphonenumber-phones.js';
import { LiquidTemplates } from '../infrastructure/liquid-templates.js';
import { Crc32Checksums } from '../infrastructure/crc32-checksums.js';
import { NodeDigests } from '../infrastructure/node-digests.js';
import { NodeEntropy } from '../infrastructure/node-entropy.js';
import { RandomConflictPause } from '../infrastructure/random-conflict-pause.js';
import { PostgresAttempts } from '../infrastructure/postgres-attempts.js';
import { PostgresIdempotency } from '../infrastructure/postgres-idempotency.js';
import { PostgresBegunErasures } from '../infrastructure/postgres-begun-erasures.js';
import { PostgresMessageLimits } from '../infrastructure/postgres-message-limits.js';
import { PostgresPersonalData } from '../infrastructure/postgres-personal-data.js';
import { ReadModelPurge } from '../infrastructure/projection-runner/purge.js';
import { PostgresApiKeyUses } from '../infrastructure/postgres-api-key-uses.js';
import { PostgresApiKeyRows } from '../infrastructure/postgres-api-key-rows.js';
import { PostgresSecurityRows } from '../infrastructure/postgres-security-rows.js';
import { PostgresSingleUse } from '../infrastructure/postgres-single-use.js';
import { PostgresSnapshots } from '../infrastructure/postgres-snapshots.js';
import { FlexibleRateLimits } from '../infrastructure/rate-limits.js';
import { BulkVault } from '../infrastructure/vault/bulk-vault.js';
import { RootKeyCheck } from '../infrastructure/vault/root-key-check.js';
import { RootKeyRotation } from '../infrastructure/vault/root-key-rotation.js';
import { ErasuresInProgress } from '../infrastructure/vault/erasures-in-progress.js';
import { RootKeys } from '../infrastructure/vault/root-keys.js';
import { TenantKeyRotation } from '../infrastructure/vault/tenant-key-rotation.js';
import { PostgresVault } from '../infrastructure/vault/postgres-vault.js';
import { ZxcvbnPasswordStrength } from '../infrastructure/zxcvbn-password-strength.js';
import { inlineModels } from '../projections/inline-models.js';

/** The log, what is kept beside it, and libraries behind ports. */
export function bindLog(bind: Bind, foundation: Foundation): void {
  const { database, log } = foundation;
  // Chosen outside
  bind(Pool).toConstantValue(database.pool);
  bind(BackgroundPool).toConstantValue(database.background);
  bind(LogEngine).toConstantValue(foundation.engine);
  bind(Clock).toConstantValue(foundation.clock);
  bind(OperatorLog).toConstantValue(log);
  bind(ErasureLedger).toConstantValue(foundation.ledger);
  bind(PasswordHasher).toConstantValue(foundation.hasher);
  // The log and what is kept beside it
  bind(PostgresVault).toResolvedValue(
    (clock: Clock) => new PostgresVault(database, foundation.rootKeys, foundation.ledger, clock),
    [Clock],
  );
  bind(RootKeys).toConstantValue(foundation.rootKeys);
  bind(TenantKeyRotation).toResolvedValue(make(TenantKeyRotation), [BackgroundPool, RootKeys]);
  bind(RootKeyRotation).toResolvedValue(make(RootKeyRotation), [BackgroundPool, RootKeys]);
  bind(ErasuresInProgress).toResolvedValue(make(ErasuresInProgress), [BackgroundPool]);
  bind(RootKeyCheck).toResolvedValue(
    (rotation: RootKeyRotation, keys: RootKeys) => new RootKeyCheck(rotation, keys),
    [RootKeyRotation, RootKeys],
  );
  bind(BulkVault).toResolvedValue((vault: PostgresVault) => vault, [PostgresVault]);
  bind(Vault).toResolvedValue((vault: PostgresVault) => vault, [PostgresVault]);
  bind(EventCodec).toResolvedValue((vault: BulkVault) => new EventCodec(catalogue, upcasters, vault), [BulkVault]);
  bind(EventLog).toResolvedValue(make(SealedEventLog), [LogEngine, EventCodec]);
  bind(PostgresSnapshots).toResolvedValue(make(PostgresSnapshots), [Pool, BulkVault]);
  bind(Snapshots).toResolvedValue((snapshots: PostgresSnapshots) => snapshots, [PostgresSnapshots]);
  bind(InlineModels).toResolvedValue(() => new ListedInlineModels(inlineModels));
  bind(StreamStates).toResolvedValue((eventLog: EventLog) => new FoldedStreams(eventLog, aggregates), [EventLog]);
  bind(SecurityRows).toResolvedValue(make(PostgresSecurityRows), [Pool]);
  bind(ApiKeyRows).toResolvedValue(make(PostgresApiKeyRows), [Pool]);
  bind(ApiKeyUses).toResolvedValue(make(PostgresApiKeyUses), [Pool, OperatorLog]);
  bind(Attempts).toResolvedValue(make(PostgresAttempts), [Pool]);
  bind(SingleUse).toResolvedValue(make(PostgresSingleUse), [Pool, Vault]);
  bind(BegunErasures).toResolvedValue(make(PostgresBegunErasures), [Pool]);
  bind(MessageLimits).toResolvedValue(make(PostgresMessageLimits), [Pool]);
  bind(Idempotency).toResolvedValue(make(PostgresIdempotency), [Pool, Vault, Clock]);
  bind(RateLimits).toResolvedValue(
    (pool: pg.Pool, vault: Vault) => new FlexibleRateLimits(pool, vault, systemTenant, foundation.rateBudgets),
    [Pool, Vault],
  );
  bind(PersonalData).toResolvedValue(make(PostgresPersonalData), [
    ReadModelPurge,
    PostgresSnapshots,
    Outbox,
    Idempotency,
  ]);
  // Libraries behind ports
  bind(Entropy).toResolvedValue(() => new NodeEntropy());
  bind(Checksums).toResolvedValue(make(Crc32Checksums));
  bind(Digests).toResolvedValue(make(NodeDigests));
  bind(ConflictPause).toResolvedValue((entropy: Entropy) => new RandomConflictPause(entropy), [Entropy]);
  bind(TokenSigner).toResolvedValue(() => new JoseTokenSigner());
  bind(ClaimExpressions).toResolvedValue(() => new CelClaimExpressions());
  bind(PasswordStrength).toResolvedValue(() => new ZxcvbnPasswordStrength());
  bind(Phones).toResolvedValue(() => new LibphonenumberPhones());
  bind(UserAgents).toResolvedValue(() => new BowserUserAgents());
  bind(TemplateEngine).toResolvedValue(() => new LiquidTemplates());
}
